/** The topics of a forum, as tabs below the header. */

import * as api from "./api.js";
import { h } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { askBySheet, field, textInput } from "./sheets.js";

const GENERAL = { id: null, name: "General" };

export class Topics {
  /** `open(topicId)` goes to a topic of the open chat. */
  constructor(store, { open }) {
    this.store = store;
    this.open = open;
    this.node = document.querySelector("#topics");
    for (const type of ["world", "place", "messages"]) {
      store.addEventListener(type, () => this.#render());
    }
  }

  #render() {
    const { isForum, chat } = this.store;
    this.node.hidden = !isForum;
    if (!isForum) return this.node.replaceChildren();
    const tabs = [GENERAL, ...chat.topics].map((topic) => this.#tab(topic));
    const create = () => askForTopic(this.store, this.open);
    const add = this.store.runs(chat) && iconButton("add", "New topic", create, "round small");
    this.node.replaceChildren(...tabs, ...(add ? [add] : []));
    this.node.querySelector("[aria-selected=true]")?.scrollIntoView({ inline: "nearest" });
  }

  #tab({ id, name }) {
    const { chatId, topicId } = this.store;
    const unread = this.store.unread(chatId, id);
    const attributes = {
      class: "topic",
      type: "button",
      role: "tab",
      "aria-selected": String(id === topicId),
      onclick: () => this.open(id),
    };
    const badge = unread ? h("b", { class: "count" }, String(unread)) : null;
    return h("button", attributes, icon("topic"), h("span", {}, name), badge);
  }
}

/** Asks for a name, creates the topic and opens it. */
export function askForTopic(store, open) {
  const name = textInput("name", { maxlength: 128, placeholder: "Holiday pictures" });
  askBySheet("New topic", [field("Name", name)], "Create", async (values) => {
    const topicId = await api.createTopic(store.chatId, store.userId, values.name);
    await store.refresh();
    open(topicId);
  });
}
