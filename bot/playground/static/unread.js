/** How many messages have come where nobody looked. */

import { placeKey } from "./activity.js";

export class Unread {
  #counts = new Map();

  count(chatId, threadId) {
    this.#counts.set(placeKey(chatId, threadId), this.at(chatId, threadId) + 1);
  }

  at(chatId, threadId) {
    return this.#counts.get(placeKey(chatId, threadId)) ?? 0;
  }

  inChat(chatId) {
    const here = [...this.#counts].filter(([key]) => key.startsWith(`${chatId}/`));
    return here.reduce((sum, [, count]) => sum + count, 0);
  }

  /** They have been seen; true when there were any. */
  forget(chatId, threadId) {
    return this.#counts.delete(placeKey(chatId, threadId));
  }

  clear() {
    this.#counts.clear();
  }
}
