/** Coloured initials for people and groups, the mark for the bot. */

import { ANONYMOUS_ID } from "./api.js";
import { h } from "./dom.js";
import { initials } from "./format.js";

const HUES = 7;

/** A stable colour class for an id. */
export function hueOf(id) {
  return `hue-${Math.abs(id) % HUES}`;
}

/** Whose face and name a message shows: an anonymous author is the group itself. */
export function authorOf({ from, chat_id: chatId }) {
  return from.id === ANONYMOUS_ID ? { ...from, id: chatId } : from;
}

export function avatar({ id, name, is_bot: isBot = false }) {
  if (isBot) {
    const mark = h("img", { src: "/static/mark.svg", alt: "" });
    return h("span", { class: "avatar", "aria-hidden": "true" }, mark);
  }
  const classes = `avatar ${hueOf(id)}`;
  return h("span", { class: classes, "aria-hidden": "true" }, initials(name));
}
