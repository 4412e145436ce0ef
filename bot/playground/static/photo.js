/** A picture in a box that has its final size before the picture is there. */

import * as api from "./api.js";
import { fadeIn, h } from "./dom.js";

const WIDEST_PX = 400;
const TALLEST_PX = 440;
const NARROWEST_PX = 240;

/** Gives `node` the width and ratio at which a `width` × `height` picture is shown. */
export function shape(node, { width, height }) {
  const ratio = Math.min(Math.max(width / height, 0.45), 2.6);
  const widest = Math.min(WIDEST_PX, TALLEST_PX * ratio);
  const shown = Math.max(Math.min(widest, width), NARROWEST_PX);
  node.style.setProperty("--width", `${Math.round(shown)}px`);
  node.style.aspectRatio = ratio.toFixed(4);
}

export class PhotoFrame {
  #fileId = null;

  /** `onOpen(photo)` is called when the picture is clicked. */
  constructor(onOpen) {
    this.node = h("button", {
      class: "photo",
      type: "button",
      "aria-label": "Open picture",
      onclick: () => onOpen(this.photo),
    });
  }

  /** Shows a photo; another one than before fades in over it. */
  async show(photo) {
    if (photo.file_id === this.#fileId) return;
    const first = this.#fileId === null;
    this.#fileId = photo.file_id;
    this.photo = photo;
    shape(this.node, photo);
    this.node.dataset.fileId = photo.file_id;
    if (first) this.#wait(photo);
    await this.#paint(photo);
  }

  /** Until the picture is there: its thumbnail, blurred, or the local original. */
  #wait(photo) {
    const local = photo.placeholder ?? photo.url;
    const thumb = photo.thumb_file_id ? api.fileUrl({ file_id: photo.thumb_file_id }) : null;
    if (!local && !thumb) return;
    this.node.classList.toggle("blurred", !local);
    this.node.append(h("img", { src: local ?? thumb, alt: "", class: "placeholder" }));
  }

  async #paint(photo) {
    const image = h("img", { src: api.fileUrl(photo), alt: "", draggable: "false" });
    const broken = await image.decode().then(() => false, () => true);
    if (photo.file_id !== this.#fileId) return;
    if (broken) image.setAttribute("alt", "This picture cannot be shown.");
    const older = [...this.node.children];
    this.node.append(image);
    await fadeIn(image, photo.placeholder ? 0 : undefined);
    older.forEach((node) => node.remove());
    this.node.classList.remove("blurred");
    if (photo.placeholder) URL.revokeObjectURL(photo.placeholder);
  }
}
