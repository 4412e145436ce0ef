/** What the bot is doing in which place; it is forgotten a few seconds later. */

const SHOWN_MS = 5_500;

/** A chat and a topic in it as one key. */
export function placeKey(chatId, threadId = null) {
  return `${chatId}/${threadId ?? ""}`;
}

export class Activity {
  #actions = new Map();

  /** `onChange(chatId)` is called whenever something begins or ends. */
  constructor(onChange) {
    this.onChange = onChange;
  }

  begin(chatId, threadId, name) {
    const key = placeKey(chatId, threadId);
    clearTimeout(this.#actions.get(key)?.timer);
    const timer = setTimeout(() => this.end(chatId, threadId), SHOWN_MS);
    this.#actions.set(key, { name, timer });
    this.onChange(chatId);
  }

  end(chatId, threadId) {
    const key = placeKey(chatId, threadId);
    clearTimeout(this.#actions.get(key)?.timer);
    if (this.#actions.delete(key)) this.onChange(chatId);
  }

  /** The action in one topic, null where there is none. */
  at(chatId, threadId = null) {
    return this.#actions.get(placeKey(chatId, threadId))?.name ?? null;
  }

  /** The action anywhere in a chat. */
  inChat(chatId) {
    const key = [...this.#actions.keys()].find((one) => one.startsWith(`${chatId}/`));
    return key === undefined ? null : this.#actions.get(key).name;
  }

  clear() {
    for (const { timer } of this.#actions.values()) clearTimeout(timer);
    this.#actions.clear();
  }
}
