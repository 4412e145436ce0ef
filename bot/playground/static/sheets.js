/** Dialogs that slide up on a phone and stand in the middle elsewhere. */

import { ApiError } from "./api.js";
import { h } from "./dom.js";
import { iconButton } from "./icons.js";

/** Shows a sheet; a tap beside it or Escape closes it, which takes it away. */
export function openSheet(title, ...content) {
  const close = iconButton("close", "Close", () => sheet.close(), "round small");
  const bar = h("header", { class: "sheet-bar" }, h("h2", {}, title), close);
  const body = h("div", { class: "sheet-body" }, ...content);
  const sheet = h("dialog", { class: "sheet", "aria-label": title }, bar, body);
  sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
  sheet.addEventListener("close", () => sheet.remove());
  document.body.append(sheet);
  sheet.showModal();
  return sheet;
}

/** A labelled field for a form in a sheet. */
export function field(label, control) {
  return h("label", { class: "sheet-field" }, h("span", {}, label), control);
}

export function textInput(name, attributes = {}) {
  return h("input", { class: "input", name, autocomplete: "off", required: true, ...attributes });
}

/** Asks by a form; it closes when `submit(values)` has succeeded, and says why it has not. */
export function askBySheet(title, controls, label, submit) {
  const trouble = h("p", { class: "sheet-trouble", role: "alert" });
  const send = async (event) => {
    event.preventDefault();
    try {
      await submit(Object.fromEntries(new FormData(form)));
      sheet.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      trouble.textContent = error.message;
    }
  };
  const button = h("button", { class: "primary", type: "submit" }, label);
  const form = h("form", { class: "sheet-form", onsubmit: send }, ...controls, trouble, button);
  const sheet = openSheet(title, form);
  form.querySelector("input, select").focus();
}
