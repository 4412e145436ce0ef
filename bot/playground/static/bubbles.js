/** One bubble of the conversation: a message, or an album of several. */

import { authorOf, avatar, hueOf } from "./avatars.js";
import { Slot, fadeIn, h } from "./dom.js";
import { summary, timeOf } from "./format.js";
import { iconButton } from "./icons.js";
import { keyboard } from "./keyboard.js";
import { Album } from "./album.js";
import { listenForTouch } from "./gestures.js";
import { Media } from "./media.js";
import { richText } from "./richtext.js";

/**
 * `entry` is what `groups.js` makes of the messages. `actions` has `openPicture`,
 * `press`, `share`, `reply`, `menu`, `jumpTo`, `say` and `find`.
 */
export class Bubble {
  #slots = new Map();
  #media = null;
  #known = false;
  #messages = [];

  constructor(actions) {
    this.actions = actions;
    const slot = (name) => this.#slot(name).node;
    const above = [slot("name"), slot("origin"), slot("quote")];
    this.bubble = h("div", { class: "bubble" }, ...above);
    this.bubble.append(slot("picture"), slot("text"), slot("meta"), slot("reaction"));
    this.stack = h("div", { class: "stack" }, this.bubble, slot("keyboard"));
    this.node = h("article", { class: "row" }, slot("face"), this.stack, slot("tools"));
    this.#listen();
  }

  #listen() {
    const menu = (at) => this.actions.menu(this.#messages, at);
    this.node.addEventListener("contextmenu", (event) => {
      if (event.target.closest("a") || getSelection().toString()) return;
      event.preventDefault();
      // A finger that rests has opened it already.
      if (event.pointerType !== "touch") menu({ x: event.clientX, y: event.clientY });
    });
    this.bubble.addEventListener("dblclick", ({ target }) => {
      if (!target.closest("button, a, .text")) this.#reply();
    });
    listenForTouch(this.node, { onSwipe: () => this.#reply(), onHold: menu });
  }

  #reply() {
    const [head] = this.#messages;
    if (!head.pending) this.actions.reply(head);
  }

  #slot(name) {
    const slot = new Slot(name);
    this.#slots.set(name, slot);
    return slot;
  }

  #show(name, data, build) {
    return this.#slots.get(name).show(data, build);
  }

  show(entry) {
    const { messages, own, first, last, named } = entry;
    const head = messages[0];
    this.#messages = messages;
    const words = messages.find((message) => message.text) ?? head;
    this.#describe(entry, words);
    this.#show("face", named && last ? authorOf(head) : null, avatar);
    this.#showName(head, named && first && !own);
    this.#show("origin", head.forwarded_from ?? null, (name) => `Forwarded from ${name}`);
    this.#showQuote(head);
    this.#showMedia(messages);
    this.#showWords(words);
    this.#showMeta(messages.at(-1), messages);
    this.#show("reaction", head.reaction ?? null, (sign) => h("span", {}, sign));
    const keys = messages.find(({ keyboard: rows }) => rows?.length);
    this.#show("keyboard", keys?.keyboard ?? null, (rows) => this.#keys(rows, keys));
    this.#show("tools", head.pending ? null : head.message_id, () => this.#tools());
    this.#known = true;
  }

  #describe({ messages, own, first, last, named }, words) {
    const [head] = messages;
    const flags = {
      ...{ own, first, last, named },
      edited: messages.some((message) => message.edit_date),
      pending: head.pending,
      pictured: head.photo || head.animation || head.video,
      worded: words.text,
    };
    // Toggled one by one: other classes say what a person does with the bubble.
    for (const [flag, on] of Object.entries(flags)) {
      this.node.classList.toggle(flag, Boolean(on));
    }
    this.node.dataset.messageId = head.message_id;
    const label = `${head.from.name}, ${timeOf(head.date)}`;
    this.node.setAttribute("aria-label", label);
  }

  #showName(head, named) {
    const { via_bot: via } = head;
    const author = named ? authorOf(head) : null;
    this.#show("name", author || via ? { author, via } : null, () => [
      author && personName(author),
      via && h("span", { class: "via" }, `via @${via}`),
    ].filter(Boolean));
  }

  #showQuote(head) {
    const target = head.reply_to === null ? null : this.actions.find(head.reply_to);
    const quoted = target && { ...target.from, words: summary(target) };
    const data = head.reply_to === null ? null : { id: head.reply_to, quoted };
    this.#show("quote", data, () => quote(head.reply_to, target, this.actions));
  }

  #showMedia(messages) {
    const album = messages[0].media_group_id !== null && isPictures(messages);
    if (this.#media === null || this.#media instanceof Album !== album) {
      this.#media = album ? new Album(this.actions) : new MediaStack(this.actions);
      this.#slots.get("picture").node.replaceChildren(this.#media.node);
    }
    this.#media.show(messages);
  }

  #showWords(message) {
    const data = message.text ? [message.text, message.html] : null;
    const onCommand = message.from.is_bot ? this.actions.say : null;
    const build = ([text, html]) => (html ? richText(html, onCommand) : text);
    const changed = this.#show("text", data, build);
    if (changed && this.#known) fadeIn(this.#slots.get("text").node, 260, 0.35);
  }

  #showMeta(message, messages) {
    const edited = messages.some((one) => one.edit_date);
    const data = { date: message.date, edited, pending: message.pending ?? false };
    this.#show("meta", data, () => [
      edited && h("span", {}, "edited"),
      h("time", {}, timeOf(message.date)),
      data.pending && h("span", { class: "clock", role: "img", "aria-label": "Sending" }),
    ].filter(Boolean));
  }

  #keys(rows, message) {
    const press = (data) => this.actions.press(message.message_id, data);
    return keyboard(rows, { press, share: this.actions.share });
  }

  #tools() {
    const more = ({ currentTarget }) => {
      const { left, bottom } = currentTarget.getBoundingClientRect();
      this.actions.menu(this.#messages, { x: left, y: bottom });
    };
    return [
      iconButton("reply", "Reply", () => this.#reply(), "round small"),
      iconButton("dots", "More", more, "round small"),
    ];
  }

  holds(messageId) {
    return this.#messages.some(({ message_id: id }) => id === messageId);
  }

  /** Draws the eye to this bubble. */
  flash() {
    this.node.classList.remove("flash");
    requestAnimationFrame(() => this.node.classList.add("flash"));
  }
}

/** Several files sent together stand below each other. */
class MediaStack {
  #parts = [];

  constructor(actions) {
    this.actions = actions;
    this.node = h("div", { class: "media-stack" });
  }

  show(messages) {
    while (this.#parts.length < messages.length) {
      const part = new Media(this.actions);
      this.#parts.push(part);
      this.node.append(part.node);
    }
    this.#parts.splice(messages.length).forEach((part) => part.node.remove());
    this.#parts.forEach((part, at) => part.show(messages[at]));
  }
}

function isPictures(messages) {
  return messages.every((message) => message.photo);
}

function personName(person) {
  return h("span", { class: person.is_bot ? "bot" : hueOf(person.id) }, person.name);
}

function quote(messageId, target, actions) {
  if (!target) return h("span", { class: "quoted" }, h("i", {}, "Deleted message"));
  return h(
    "button",
    { class: "quoted", type: "button", onclick: () => actions.jumpTo(messageId) },
    h("b", {}, target.from.name),
    h("span", {}, summary(target)),
  );
}
