/** A menu that opens where one points; Escape, a choice or a tap elsewhere closes it. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const MARGIN_PX = 8;

/** `items` are `{sign, label, action, danger}`; `at` is `{x, y}` in the window. */
export function openMenu(label, items, at) {
  const before = document.activeElement;
  const rows = items.map((item) => row(item, () => close()));
  const attributes = { class: "menu popup", role: "menu", "aria-label": label };
  // Not "auto": that would close it when the finger is lifted that has opened it.
  const menu = h("div", { ...attributes, popover: "manual" }, ...rows);
  const outside = ({ target }) => !menu.contains(target) && close();
  const close = () => {
    document.removeEventListener("pointerdown", outside, true);
    menu.remove();
    before?.focus({ preventScroll: true });
  };
  document.addEventListener("pointerdown", outside, true);
  menu.addEventListener("keydown", (event) => {
    if (["Escape", "Tab"].includes(event.key)) close();
    else move(event, rows);
  });
  document.body.append(menu);
  menu.showPopover();
  place(menu, at);
  rows[0].focus({ preventScroll: true });
}

function row({ sign, label, action, danger = false }, close) {
  const onclick = () => {
    close();
    action();
  };
  const classes = danger ? "menu-item danger" : "menu-item";
  const attributes = { class: classes, type: "button", role: "menuitem", onclick };
  return h("button", attributes, icon(sign), h("span", {}, label));
}

function move(event, rows) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const at = rows.indexOf(document.activeElement) + step;
  rows[(at + rows.length) % rows.length].focus();
  event.preventDefault();
}

function place(menu, { x, y }) {
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.min(x, innerWidth - width - MARGIN_PX);
  const top = Math.min(y, innerHeight - height - MARGIN_PX);
  menu.style.left = `${Math.max(left, MARGIN_PX)}px`;
  menu.style.top = `${Math.max(top, MARGIN_PX)}px`;
}
