/** The menu behind the plus: pictures, files, samples, and what the bot cannot use. */

import { h } from "./dom.js";
import { kindName } from "./format.js";
import { icon, iconButton } from "./icons.js";
import { SAMPLES } from "./samples.js";

const ODD_KINDS = ["sticker", "voice", "video", "location"];

export class AttachMenu {
  constructor({ pick, sendSamples, sendKind }) {
    const toggle = () => this.toggle(this.list.hidden);
    this.button = iconButton("add", "Attach", toggle, "round attach");
    this.button.setAttribute("aria-haspopup", "menu");
    this.button.setAttribute("aria-expanded", "false");
    const both = SAMPLES.map(({ name }) => name);
    const chips = ODD_KINDS.map((kind) => this.#chip(kind, sendKind));
    const rows = [
      this.#item("picture", "Photos", () => pick(false)),
      this.#item("file", "Files, uncompressed", () => pick(true)),
      h("div", { class: "menu-rule", role: "separator" }),
      this.#item("samples", "Both sample pictures", () => sendSamples(both)),
      h("div", { class: "menu-rule", role: "separator" }),
      h("div", { class: "menu-title", role: "presentation" }, "Something the bot cannot use"),
      h("div", { class: "menu-chips", role: "presentation" }, ...chips),
    ];
    const attributes = { class: "menu", role: "menu", "aria-label": "Attach" };
    this.list = h("div", { ...attributes, hidden: true }, ...rows);
    this.node = h("div", { class: "attach-menu" }, this.button, this.list);
    this.node.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.node.contains(target)) this.toggle(false);
    });
  }

  toggle(open) {
    if (this.list.hidden === !open) return;
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.#items()[0].focus();
    else if (this.node.contains(document.activeElement)) this.button.focus();
  }

  #choose(action) {
    return () => {
      this.toggle(false);
      action();
    };
  }

  #item(sign, label, action) {
    return menuButton("menu-item", this.#choose(action), icon(sign), label);
  }

  #chip(kind, sendKind) {
    const onclick = this.#choose(() => sendKind(kind));
    return menuButton("chip", onclick, kindName(kind));
  }

  #items() {
    return [...this.list.querySelectorAll("[role=menuitem]")];
  }

  #key(event) {
    if (this.list.hidden) return;
    const items = this.#items();
    const at = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") this.toggle(false);
    else if (step) items[(at + step + items.length) % items.length].focus();
    else return;
    event.preventDefault();
  }
}

function menuButton(classes, onclick, ...content) {
  const attributes = { class: classes, type: "button", role: "menuitem", onclick };
  return h("button", attributes, ...content);
}
