/** The inline keyboard below a bubble. */

import * as api from "./api.js";
import { copyText } from "./clipboard.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { safeAddress } from "./richtext.js";
import { alertDialog, toast } from "./toasts.js";

/** `actions` are `press(data)` and `share(button)` for the buttons that switch to inline mode. */
export function keyboard(rows, actions) {
  return rows.map((row) =>
    h("div", { class: "keys" }, ...row.map((button) => key(button, actions))),
  );
}

const SWITCHES = [
  "switch_inline_query",
  "switch_inline_query_chosen_chat",
  "switch_inline_query_current_chat",
];

function key(button, { press, share }) {
  const { text, style = "", url, copy_text: copied } = button;
  if (url) return linkKey(button);
  if (copied) return plainKey(text, { style }, () => copyText(copied.text), "copy");
  if (SWITCHES.some((name) => (button[name] ?? null) !== null)) {
    return plainKey(text, { style }, () => share(button), "share");
  }
  const data = button.data ?? button.callback_data ?? "";
  const node = plainKey(text, { data, style }, () => hold(node, () => press(data)));
  return node;
}

function plainKey(text, dataset, onclick, sign = null) {
  const corner = sign && h("span", { class: "key-sign" }, icon(sign));
  const attributes = { class: "key", type: "button", dataset, onclick };
  return h("button", attributes, h("span", {}, text), corner);
}

function linkKey(button) {
  const href = safeAddress(button.url);
  const sign = h("span", { class: "key-sign" }, icon("link"));
  const rel = "noopener noreferrer";
  return h("a", { class: "key", href, target: "_blank", rel }, h("span", {}, button.text), sign);
}

/** Keeps the button down and spinning until its press has been answered. */
async function hold(node, press) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    tell(await press());
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    toast(error.message, "trouble");
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function tell(answer) {
  if (!answer.answered) toast("The bot has not answered this tap.", "trouble");
  else if (answer.text && answer.show_alert) alertDialog(answer.text);
  else if (answer.text) toast(answer.text);
}
