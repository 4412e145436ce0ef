/** Choosing a chat: to share with, or to forward to. */

import { avatar } from "./avatars.js";
import { h } from "./dom.js";
import { openSheet } from "./sheets.js";

/** Offers `chats`; `choose(chat)` is called with the one that is taken. */
export function pickChat(store, title, chats, choose) {
  const rows = chats.map((chat) => {
    const onclick = () => {
      sheet.close();
      choose(chat);
    };
    return chatRow(store, chat, onclick);
  });
  const none = h("p", { class: "sheet-note" }, "No chat fits here.");
  const sheet = openSheet(title, ...(rows.length ? rows : [none]));
}

function chatRow(store, chat, onclick) {
  const isPrivate = chat.type === "private";
  const face = avatar({ id: chat.id, name: chat.title, is_bot: isPrivate });
  const attributes = { class: "pick", type: "button", dataset: { chatId: chat.id }, onclick };
  const words = isPrivate ? "bot" : `${chat.members.length + 1} members`;
  return h(
    "button",
    attributes,
    face,
    h("span", {}, h("b", {}, store.titleOf(chat)), h("small", {}, words)),
  );
}

/** The chats that a button with `switch_inline_query_chosen_chat` allows. */
export function allowedChats(chats, { allow_bot_chats: bots, allow_group_chats: groups }) {
  return chats.filter(({ type }) => (type === "private" ? bots : groups));
}
