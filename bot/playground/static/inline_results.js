/** One result of an inline query: a picture, a clip, or a line of words. */

import * as api from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

/** A button that shows the result and calls `choose()`. */
export function resultTile(result, choose) {
  const content = pictureOf(result) ?? words(result);
  const pictured = content.matches("img, video");
  const classes = pictured ? "result pictured" : "result";
  const label = [result.title, result.description].filter(Boolean).join(", ") || "Picture";
  const attributes = { class: classes, type: "button", role: "option", "aria-label": label };
  const titled = pictured && result.title;
  const title = titled ? h("span", { class: "result-title" }, result.title) : null;
  const badge = content.localName === "video" ? h("span", { class: "badge" }, "GIF") : null;
  return h("button", { ...attributes, onclick: choose }, content, badge, title);
}

function pictureOf({ photo, animation }) {
  if (photo) {
    const src = api.fileUrl({ file_id: photo.thumb_file_id ?? photo.file_id });
    return h("img", { src, alt: "", loading: "lazy", draggable: "false" });
  }
  if (!animation) return null;
  const src = api.fileUrl(animation);
  const clip = h("video", { src, loop: true, playsinline: true, autoplay: true });
  // The attribute alone does not mute an element made by a script.
  clip.muted = true;
  return clip;
}

function words({ title, description, document }) {
  return h(
    "span",
    { class: "result-words" },
    icon(document ? "file" : "link"),
    h(
      "span",
      {},
      h("b", {}, title ?? document?.name ?? "Result"),
      h("small", {}, description ?? ""),
    ),
  );
}
