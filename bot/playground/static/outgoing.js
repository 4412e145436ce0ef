/** What is on its way to the server: shown at once, and replaced by what came of it. */

import * as api from "./api.js";
import { previewsOf, withPreview } from "./previews.js";

export class Outgoing {
  #pendingId = 0;
  #sending = 0;
  #held = [];

  /** `put(message)`, `drop(chatId, messageId)` and `apply(event)` change the store. */
  constructor(store, { put, drop, apply }) {
    this.store = store;
    this.put = put;
    this.drop = drop;
    this.apply = apply;
  }

  /** Sends a draft to the open place; throws `ApiError` and takes it back. */
  async send(draft) {
    const { chatId, userId, topicId, anonymous, speaker } = this.store;
    const placed = { threadId: topicId, anonymous, ...draft };
    const previews = previewsOf(placed, { speaker, chatId, nextId: () => --this.#pendingId });
    const takeBack = () => previews.forEach(({ message_id: id }) => this.drop(chatId, id));
    previews.forEach(this.put);
    this.#sending += 1;
    try {
      const sent = await api.send(chatId, userId, placed);
      takeBack();
      if (userId === this.store.userId) {
        sent.forEach((message, at) => this.put(withPreview(message, previews[at])));
      }
    } catch (error) {
      takeBack();
      throw error;
    } finally {
      this.#sending -= 1;
      if (this.#sending === 0) this.#release();
    }
  }

  /** Sends a copy of a message, `<chat id>:<message id>`, to the open place. */
  async forward(source) {
    const { chatId, userId, topicId } = this.store;
    const draft = { threadId: topicId, forwardFrom: source };
    const sent = await api.send(chatId, userId, draft);
    if (userId === this.store.userId) sent.forEach(this.put);
  }

  /**
   * Whether an event has to wait: while something is being sent, all news of people's
   * messages waits for the answer to the request, which takes the place of the local
   * preview and is older.
   */
  holds(event) {
    if (this.#sending === 0 || !this.#concerns(event)) return false;
    this.#held.push(event);
    return true;
  }

  #concerns({ type, message, chat_id: chatId, message_id: messageId }) {
    if (message) return message.from.id !== this.store.world.bot.id;
    return type === "deleted" && !this.store.message(messageId, chatId);
  }

  #release() {
    for (const event of this.#held.splice(0)) {
      const known = this.store.message(event.message?.message_id, event.chat_id);
      if (event.type !== "message" || !known) this.apply(event);
    }
  }
}
