/** What a bubble carries besides words: a photo, an animation, a file. */

import * as api from "./api.js";
import { calm, h } from "./dom.js";
import { bytes } from "./format.js";
import { icon } from "./icons.js";
import { PhotoFrame, shape } from "./photo.js";

const SHOWABLE = new Set([
  "image/avif",
  "image/bmp",
  "image/gif",
  "image/jpeg",
  "image/png",
  "image/webp",
]);

const KIND_SIGNS = { sticker: "🙂", voice: "🎙", location: "📍" };

/** The media of one message; the same object follows the message through its edits. */
export class Media {
  #kind = null;
  #shown = null;

  constructor(actions) {
    this.actions = actions;
    this.node = h("div", { class: "media" });
  }

  show(message) {
    const [kind, file] = mediaOf(message);
    const key = kind && `${kind}:${file.file_id}:${file.name ?? ""}`;
    if (kind === "photo" && this.#kind === "photo") this.frame.show(file);
    else if (key !== this.#shown) this.node.replaceChildren(...this.#build(kind, file));
    this.#kind = kind;
    this.#shown = key;
    this.node.dataset.kind = kind ?? "";
  }

  #build(kind, file) {
    this.frame = null;
    if (kind === "photo") return [this.#photo(file)];
    if (kind === "animation") return [animation(file)];
    if (kind === "video") return [video(file)];
    if (kind === "document") return [documentCard(file, this.actions)];
    if (kind) return [h("div", { class: "odd" }, KIND_SIGNS[kind])];
    return [];
  }

  #photo(file) {
    this.frame = new PhotoFrame(this.actions.openPicture);
    this.frame.show(file);
    return this.frame.node;
  }
}

function mediaOf(message) {
  for (const kind of ["photo", "animation", "video", "document"]) {
    if (message[kind]) return [kind, message[kind]];
  }
  return message.kind in KIND_SIGNS ? [message.kind, {}] : [null, null];
}

/** Animations play while they are seen, unless motion is unwanted. */
const onScreen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!target.isConnected) onScreen.unobserve(target);
    else if (!isIntersecting) target.pause();
    else if (!calm.matches) target.play().catch(() => undefined);
  }
});

function animation(file) {
  const clip = h("video", {
    src: api.fileUrl(file),
    poster: posterOf(file),
    loop: true,
    playsinline: true,
    preload: "auto",
    disablepictureinpicture: true,
    "aria-label": "Animation",
  });
  // The attribute alone does not mute an element made by a script.
  clip.muted = true;
  const onclick = () => (clip.paused ? clip.play() : clip.pause());
  const box = h(
    "button",
    { class: "animation", type: "button", "aria-label": "Play or pause", onclick },
    clip,
    h("span", { class: "badge" }, "GIF"),
    h("span", { class: "paused-sign" }, icon("play")),
  );
  for (const type of ["play", "pause"]) {
    clip.addEventListener(type, () => box.classList.toggle("paused", clip.paused));
  }
  box.classList.toggle("paused", calm.matches);
  shape(box, file);
  onScreen.observe(clip);
  return box;
}

function video(file) {
  const attributes = { src: api.fileUrl(file), poster: posterOf(file), controls: true };
  const clip = h("video", { ...attributes, playsinline: true, preload: "metadata" });
  const box = h("div", { class: "animation" }, clip);
  shape(box, file);
  return box;
}

function posterOf({ thumb_file_id: thumbnail }) {
  return thumbnail ? api.fileUrl({ file_id: thumbnail }) : null;
}

function documentCard(file, actions) {
  const href = api.fileUrl(file);
  const ready = file.file_id !== "";
  const details = [bytes(file.size ?? 0), suffix(file.name)].filter(Boolean).join(" · ");
  return h(
    "div",
    { class: "document" },
    ready && SHOWABLE.has(file.mime) ? thumbnail(file, actions) : fileSign(file),
    h(
      "div",
      { class: "document-words" },
      h("span", { class: "document-name" }, file.name ?? "File"),
      h("span", { class: "document-details" }, details),
    ),
    ready &&
      h(
        "a",
        { class: "round", href, download: file.name ?? "", "aria-label": `Download ${file.name}` },
        icon("download"),
      ),
  );
}

function thumbnail(file, actions) {
  const src = api.fileUrl({ file_id: file.thumb_file_id ?? file.file_id });
  const image = h("img", { src, alt: "", loading: "lazy" });
  const open = () => actions.openPicture(file);
  const label = `Open ${file.name}`;
  const box = h(
    "button",
    { class: "document-thumb", type: "button", "aria-label": label, onclick: open },
    image,
  );
  image.addEventListener("error", () => box.replaceWith(fileSign(file)));
  return box;
}

function fileSign(file) {
  return h("span", { class: "document-sign" }, icon("file"), h("b", {}, suffix(file.name)));
}

function suffix(name) {
  const found = /\.([a-z0-9]{1,5})$/i.exec(name ?? "");
  return found ? found[1].toUpperCase() : "";
}
