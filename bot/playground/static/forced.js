/** What the bot asks for by ForceReply: the answer begins by itself, for whom it concerns. */

export class ForcedReplies {
  #done = new Set();

  /** `reply(message)` starts an answer. */
  constructor(store, reply) {
    this.store = store;
    this.reply = reply;
    store.addEventListener("messages", ({ detail }) => this.#hear(detail.arrived));
  }

  /** Takes up a question that still waits in the place that has been opened. */
  resume() {
    const question = this.store.shown().findLast((message) => this.#concerns(message));
    if (question && !this.#answered(question)) this.#ask(question);
  }

  #hear(arrived) {
    const { chatId } = this.store;
    if (arrived?.chat_id !== chatId || !this.#concerns(arrived)) return;
    if (this.store.shown().includes(arrived)) this.#ask(arrived);
  }

  #ask(message) {
    const key = `${message.chat_id}/${message.message_id}/${this.store.userId}`;
    if (this.#done.has(key)) return;
    this.#done.add(key);
    this.reply(message);
  }

  #concerns({ force_reply: forced }) {
    if (!forced) return false;
    return forced.users?.includes(this.store.speaker.id) ?? true;
  }

  #answered({ message_id: id }) {
    const { id: speaker } = this.store.speaker;
    return this.store.shown().some((one) => one.from.id === speaker && one.message_id > id);
  }
}
