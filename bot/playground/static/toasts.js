/** Short notes that go away by themselves, and the dialog for those that must not. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 4_500;

/** `tone`: "answer" for the bot's words, "trouble" for what went wrong. */
export function toast(text, tone = "answer") {
  const note = h("div", { class: `toast ${tone}` }, text);
  const place = document.querySelector("#toasts");
  place.append(note);
  while (place.childElementCount > 3) place.firstElementChild.remove();
  setTimeout(() => note.remove(), SHOWN_MS);
}

/** Telegram's alert: stays until it is closed. */
export function alertDialog(text) {
  const dialog = h(
    "dialog",
    { class: "alert", "aria-label": "Message from the bot" },
    h("div", { class: "alert-icon" }, icon("alert")),
    h("p", {}, text),
    h("button", { class: "primary", type: "button", onclick: () => dialog.close() }, "OK"),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
