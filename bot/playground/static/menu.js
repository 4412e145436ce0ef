/** A menu that opens where one points; Escape, a choice or a tap elsewhere closes it. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const MARGIN_PX = 8;

/** `items` are `{sign, label, action, danger}`; `at` is `{x, y}` in the window. */
export function openMenu(label, items, at) {
  const rows = items.map((item) => row(item, () => menu.hidePopover()));
  const attributes = { class: "menu popup", role: "menu", "aria-label": label };
  const menu = h("div", { ...attributes, popover: "auto" }, ...rows);
  menu.addEventListener("keydown", (event) => move(event, rows));
  menu.addEventListener("toggle", ({ newState }) => newState === "closed" && menu.remove());
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
