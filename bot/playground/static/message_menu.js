/** What one can do with a message. */

import * as api from "./api.js";
import { copyText } from "./clipboard.js";
import { openMenu } from "./menu.js";
import { pickChat } from "./picker.js";
import { toast } from "./toasts.js";

export class MessageMenu {
  /** `reply(message)`, `edit(message)` and `open(chatId)` act elsewhere in the page. */
  constructor(store, { reply, edit, open }) {
    this.store = store;
    this.actions = { reply, edit, open };
  }

  /** Opens for the messages of one bubble. */
  open(messages, at) {
    const [head] = messages;
    if (head.pending) return;
    const worded = messages.find((message) => message.text);
    const own = head.from.id === this.store.userId;
    const items = [
      { sign: "reply", label: "Reply", action: () => this.actions.reply(head) },
      own && this.#editItem(worded ?? head),
      worded && { sign: "copy", label: "Copy text", action: () => copyText(worded.text) },
      { sign: "forward", label: "Forward", action: () => this.#forward(messages) },
      this.#deleteItem(messages, own),
    ];
    openMenu("Message", items.filter(Boolean), at);
  }

  #editItem(message) {
    const editable = message.kind === "text" || message.photo || message.document;
    if (!editable || message.via_bot || message.forwarded_from) return null;
    const label = message.kind === "text" ? "Edit" : "Edit caption";
    return { sign: "pencil", label, action: () => this.actions.edit(message) };
  }

  #deleteItem(messages, own) {
    const { store } = this;
    if (store.isGroup && !own) return null;
    return { sign: "trash", label: "Delete", danger: true, action: () => this.#remove(messages) };
  }

  #forward(messages) {
    const { store } = this;
    const sources = messages.map((one) => `${one.chat_id}:${one.message_id}`);
    pickChat(store, "Forward to", store.chats, async (chat) => {
      this.actions.open(chat.id);
      await tellTrouble(async () => {
        for (const forwardFrom of sources) await store.forward(forwardFrom);
      });
    });
  }

  #remove(messages) {
    const { chatId, userId } = this.store;
    return tellTrouble(async () => {
      for (const { message_id: id } of messages) await api.remove(chatId, id, userId);
    });
  }
}

async function tellTrouble(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    toast(error.message, "trouble");
  }
}
