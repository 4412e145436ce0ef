/** Message text: untrusted HTML rebuilt from the few tags Telegram knows. */

import { h } from "./dom.js";

const TAGS = new Map([
  ["b", "strong"],
  ["strong", "strong"],
  ["i", "em"],
  ["em", "em"],
  ["u", "u"],
  ["ins", "u"],
  ["s", "s"],
  ["strike", "s"],
  ["del", "s"],
  ["code", "code"],
  ["pre", "pre"],
  ["blockquote", "blockquote"],
]);
const SILENT = new Set(["script", "style", "template", "iframe", "object", "noscript"]);
const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "tg:"]);

/**
 * A fragment for `html`. `onCommand(text)` is called when a command in it is clicked;
 * without it commands are plain words. The document that parses is inert: nothing in
 * it runs or loads.
 */
export function richText(html, onCommand = null) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return rebuilt(parsed.body, onCommand);
}

function rebuilt(parent, onCommand) {
  const fragment = document.createDocumentFragment();
  for (const node of parent.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      fragment.append(node.data);
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      fragment.append(element(node, onCommand));
    }
  }
  return fragment;
}

function element(node, onCommand) {
  const tag = node.localName;
  if (SILENT.has(tag)) return "";
  if (tag === "br") return h("br");
  if (tag === "a") return link(node, onCommand);
  const content = rebuilt(node, onCommand);
  if (node.classList.contains("spoiler")) return spoiler(content);
  if (onCommand && node.classList.contains("command")) {
    return commandButton(node.textContent, onCommand);
  }
  return TAGS.has(tag) ? h(TAGS.get(tag), {}, content) : content;
}

function link(node, onCommand) {
  const href = safeAddress(node.getAttribute("href") ?? "");
  if (href === null) return rebuilt(node, onCommand);
  const rel = "noopener noreferrer nofollow";
  return h("a", { href, target: "_blank", rel }, rebuilt(node, null));
}

/** The absolute address, or null when its scheme is not one a link may have. */
export function safeAddress(href) {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  return SCHEMES.has(url.protocol) ? url.href : null;
}

function spoiler(content) {
  const reveal = (event) => event.currentTarget.classList.add("shown");
  return h("button", { class: "spoiler", type: "button", onclick: reveal }, content);
}

function commandButton(command, onCommand) {
  const onclick = () => onCommand(command);
  return h("button", { class: "command", type: "button", onclick }, command);
}
