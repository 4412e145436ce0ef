/** The messages of the open chat, kept in step with the store. */

import * as api from "./api.js";
import { Bubble } from "./bubbles.js";
import { arrange, h } from "./dom.js";
import { entriesOf } from "./groups.js";
import { Scroller } from "./scroller.js";
import { toast } from "./toasts.js";
import { welcome } from "./welcome.js";

export class Conversation {
  #bubbles = new Map();
  #notes = new Map();
  #place = "";
  #queued = false;

  /**
   * `openPicture(photo)` shows a picture large, `reply(message)` starts an answer,
   * `menu(messages, at)` opens what one can do, `share(button)` goes to inline mode.
   */
  constructor(store, { openPicture, reply, menu, share }) {
    this.store = store;
    this.node = document.querySelector("#messages");
    this.scroller = new Scroller(document.querySelector("#scroller"), this.node);
    this.actions = {
      openPicture,
      reply,
      menu,
      share,
      say: (text) => this.say(text),
      press: (messageId, data) => api.press(store.chatId, messageId, store.userId, data),
      find: (messageId) => store.message(messageId),
      jumpTo: (messageId) => this.#jumpTo(messageId),
    };
    this.action = h("div", { class: "acting", "aria-hidden": "true", hidden: true });
    this.action.append(h("i"), h("i"), h("i"));
    store.addEventListener("place", () => this.#enter());
    store.addEventListener("messages", ({ detail }) => this.#hear(detail));
    store.addEventListener("action", () => this.#refresh());
    document.addEventListener("visibilitychange", () => document.hidden || store.markRead());
  }

  /** Pictures of the open chat in order, for leafing through. */
  pictures() {
    return this.store.shown().flatMap(({ photo }) => (photo && !photo.url ? [photo] : []));
  }

  async say(text) {
    try {
      await this.store.send({ text });
    } catch (error) {
      toast(error.message, "trouble");
    }
  }

  #enter() {
    const { userId, chatId, topicId } = this.store;
    const place = `${userId}/${chatId}/${topicId}`;
    if (place !== this.#place) {
      this.#place = place;
      this.#bubbles.clear();
      this.#notes.clear();
      this.greeting = null;
      this.node.replaceChildren();
      this.#render();
      this.scroller.toBottom("instant");
    } else this.#refresh();
  }

  #hear({ chatId, arrived }) {
    if (chatId !== this.store.chatId) return;
    if (arrived?.from.id === this.store.userId) this.scroller.follow();
    else if (arrived) this.scroller.count();
    this.#refresh();
  }

  /** Renders once for any number of changes in the same turn. */
  #refresh() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#render();
    });
  }

  #render() {
    const messages = this.store.shown();
    const entries = entriesOf(messages, this.store.userId, this.store.isGroup);
    const nodes = entries.map((entry) => (entry.note ? this.#note(entry) : this.#bubble(entry)));
    this.#forget(entries);
    if (!entries.length) nodes.push(this.#welcome());
    this.action.hidden = this.store.action() === null;
    arrange(this.node, [...nodes, this.action]);
  }

  #welcome() {
    this.greeting ??= welcome(this.store, this);
    return this.greeting;
  }

  #note(entry) {
    if (!this.#notes.has(entry.key)) {
      const node = h("div", { class: "day" }, h("span", {}, entry.note));
      this.#notes.set(entry.key, node);
    }
    return this.#notes.get(entry.key);
  }

  #bubble(entry) {
    const known = this.#bubbles.get(entry.key);
    const bubble = known ?? new Bubble(this.actions);
    this.#bubbles.set(entry.key, bubble);
    bubble.show(entry);
    return bubble.node;
  }

  #forget(entries) {
    const present = new Set(entries.map(({ key }) => key));
    for (const known of [this.#bubbles, this.#notes]) {
      for (const key of known.keys()) if (!present.has(key)) known.delete(key);
    }
  }

  #jumpTo(messageId) {
    for (const bubble of this.#bubbles.values()) {
      if (!bubble.holds(messageId)) continue;
      this.scroller.reveal(bubble.node);
      bubble.flash();
    }
  }
}
