/** The chats one has, below who one is. */

import { avatar } from "./avatars.js";
import { arrange, h } from "./dom.js";
import { summary, timeOf } from "./format.js";
import { People } from "./people.js";
import { samplesCard } from "./samples.js";

export class Sidebar {
  #rows = new Map();

  /** `go({userId?, chatId?})` changes the place. */
  constructor(store, { go, sendSamples }) {
    this.store = store;
    this.go = go;
    this.list = h("nav", { class: "chats", "aria-label": "Chats" });
    const title = h("h1", {}, "Playground");
    const people = new People(store, go);
    document
      .querySelector("#sidebar")
      .append(h("header", {}, title, people.node), this.list, samplesCard(sendSamples));
    for (const type of ["world", "place", "messages", "action"]) {
      store.addEventListener(type, () => this.#render());
    }
  }

  #render() {
    const rows = this.store.chats.map((chat) => this.#row(chat));
    arrange(this.list, rows);
  }

  #row(chat) {
    if (!this.#rows.has(chat.id)) this.#rows.set(chat.id, this.#newRow(chat));
    const row = this.#rows.get(chat.id);
    const last = this.store.lastMessage(chat.id);
    const unread = this.store.unread(chat.id);
    const action = this.store.action(chat.id);
    const current = chat.id === this.store.chatId;
    row.title.textContent = this.store.titleOf(chat);
    row.time.textContent = last ? timeOf(last.date) : "";
    row.words.textContent = action ? "typing…" : this.#line(chat, last);
    row.words.classList.toggle("busy", action !== null);
    row.badge.hidden = unread === 0;
    row.badge.textContent = unread;
    row.badge.setAttribute("aria-label", `${unread} unread`);
    if (current) row.node.setAttribute("aria-current", "page");
    else row.node.removeAttribute("aria-current");
    return row.node;
  }

  #newRow(chat) {
    const isPrivate = chat.type === "private";
    const face = avatar({ id: chat.id, name: chat.title, is_bot: isPrivate });
    const title = h("b", { class: "chat-title" });
    const time = h("time", {});
    const words = h("span", { class: "chat-words" });
    const badge = h("b", { class: "count", hidden: true });
    const onclick = () => this.go({ chatId: chat.id });
    const node = h(
      "button",
      { class: "chat-row", type: "button", onclick, dataset: { chatId: chat.id } },
      face,
      h("span", { class: "chat-lines" }, h("span", {}, title, time), h("span", {}, words, badge)),
    );
    return { node, title, time, words, badge };
  }

  #line(chat, last) {
    if (!last) return chat.type === "private" ? "Say hello" : "No messages yet";
    if (last.kind === "service") return last.text;
    const own = last.from.id === this.store.userId;
    const who = own ? "You: " : chat.type === "private" ? "" : `${last.from.name}: `;
    return `${who}${summary(last)}`;
  }
}
