/** Files that wait in the composer to be sent. */

import { h } from "./dom.js";
import { icon, iconButton } from "./icons.js";

export const MOST_FILES = 10;

/** Size and local address of each file that the browser can show as a picture. */
export async function shapesOf(files) {
  const shapes = new Map();
  await Promise.all(
    files.map(async (file) => {
      const shape = await shapeOf(file);
      if (shape) shapes.set(file, shape);
    }),
  );
  return shapes;
}

async function shapeOf(file) {
  if (!file.type.startsWith("image/")) return null;
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    URL.revokeObjectURL(url);
    return null;
  }
  return { file_id: url, url, width: image.naturalWidth, height: image.naturalHeight };
}

/** The strip of previews above the text field. */
export class Attachments {
  files = [];
  asFile = false;

  /** `onChange()` is called after every change; `pick()` asks for more files. */
  constructor({ onChange, pick }) {
    this.onChange = onChange;
    this.pick = pick;
    this.node = h("div", { class: "strip", hidden: true });
  }

  get empty() {
    return this.files.length === 0;
  }

  /** Adds files; returns how many were too many. */
  add(files, asFile = this.asFile) {
    const room = MOST_FILES - this.files.length;
    this.files.push(...files.slice(0, room));
    this.asFile = asFile;
    this.#render();
    return Math.max(files.length - room, 0);
  }

  /** Takes everything out. */
  take() {
    const { files, asFile } = this;
    this.files = [];
    this.asFile = false;
    this.#render();
    return { files, asFile };
  }

  #drop(file) {
    this.files = this.files.filter((other) => other !== file);
    this.#render();
  }

  #render() {
    for (const image of this.node.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.node.hidden = this.empty;
    const tiles = this.files.map((file) => this.#tile(file));
    this.node.replaceChildren(
      h("div", { class: "strip-files" }, ...tiles, this.#more()),
      this.#mode(),
    );
    this.onChange();
  }

  #tile(file) {
    const drop = () => this.#drop(file);
    const remove = iconButton("close", `Remove ${file.name}`, drop, "strip-remove");
    const attributes = { class: "strip-file", title: file.name };
    return h("div", attributes, this.#face(file), remove);
  }

  #face(file) {
    const name = () => h("span", {}, file.name);
    const sign = () => h("span", { class: "strip-sign" }, icon("file"), name());
    if (!file.type.startsWith("image/")) return sign();
    const image = h("img", { src: URL.createObjectURL(file), alt: file.name });
    image.addEventListener("error", () => image.replaceWith(sign()));
    return image;
  }

  #more() {
    if (this.files.length >= MOST_FILES) return null;
    return iconButton("add", "Add more", () => this.pick(this.asFile), "strip-more");
  }

  #mode() {
    const choose = ({ target }) => {
      this.asFile = target.checked;
      this.onChange();
    };
    const box = h("input", { type: "checkbox", onchange: choose });
    box.checked = this.asFile;
    return h("label", { class: "strip-mode" }, box, h("span", {}, "Send as files, uncompressed"));
  }
}
