/** A picture over the whole window, with the others of the chat beside it. */

import * as api from "./api.js";
import { fadeIn, h } from "./dom.js";
import { icon, iconButton } from "./icons.js";

const SWIPE_PX = 60;

export class Lightbox {
  #list = [];
  #at = 0;
  #from = null;

  constructor() {
    this.stage = h("div", { class: "lightbox-stage" });
    this.place = h("span", { class: "lightbox-place", "aria-live": "polite" });
    this.save = h("a", { class: "round", "aria-label": "Download" }, icon("download"));
    const earlier = () => this.#step(-1);
    const later = () => this.#step(1);
    this.older = iconButton("back", "Earlier picture", earlier, "round older");
    this.newer = iconButton("next", "Later picture", later, "round newer");
    const close = iconButton("close", "Close", () => this.node.close());
    const bar = h("div", { class: "lightbox-bar" }, this.place, this.save, close);
    this.node = h("dialog", { class: "lightbox", "aria-label": "Picture" });
    this.node.append(this.stage, bar, this.older, this.newer);
    document.body.append(this.node);
    this.#listen();
  }

  #listen() {
    this.node.addEventListener("keydown", ({ key }) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (step) this.#step(step);
    });
    this.node.addEventListener("close", () => this.stage.replaceChildren());
    this.stage.addEventListener("click", ({ target }) => {
      if (target.localName === "img") this.stage.classList.toggle("zoomed");
      else this.node.close();
    });
    this.stage.addEventListener("pointerdown", (event) => (this.#from = event));
    this.stage.addEventListener("pointerup", (event) => this.#swipe(event));
  }

  #swipe(event) {
    const from = this.#from;
    this.#from = null;
    if (!from || from.pointerType === "mouse" || this.stage.matches(".zoomed")) return;
    const way = event.clientX - from.clientX;
    if (Math.abs(way) > SWIPE_PX) this.#step(way < 0 ? 1 : -1);
  }

  /** Shows `picture`, and lets one leaf through `list` when it is among them. */
  open(picture, list) {
    this.#list = list.some((one) => one.file_id === picture.file_id) ? list : [picture];
    this.#at = this.#list.findIndex((one) => one.file_id === picture.file_id);
    this.#show();
    if (!this.node.open) this.node.showModal();
  }

  #step(step) {
    const at = this.#at + step;
    if (at < 0 || at >= this.#list.length) return;
    this.#at = at;
    this.#show();
  }

  #show() {
    const file = this.#list[this.#at];
    const alt = `Picture ${this.#at + 1}`;
    const image = h("img", { src: api.fileUrl(file), alt, draggable: "false" });
    if (file.width) image.style.aspectRatio = `${file.width} / ${file.height}`;
    this.stage.classList.remove("zoomed");
    this.stage.replaceChildren(image);
    fadeIn(image, 200);
    this.save.href = api.fileUrl(file);
    this.save.download = file.name ?? `picture-${this.#at + 1}.jpg`;
    this.place.textContent = this.#list.length > 1 ? `${this.#at + 1} of ${this.#list.length}` : "";
    this.older.hidden = this.#at === 0;
    this.newer.hidden = this.#at === this.#list.length - 1;
  }
}
