/** Buttons that lead to inline mode, here or in a chat one chooses. */

import { allowedChats, pickChat } from "./picker.js";

/** Follows such a button; `go({chatId, topicId})` and `write(text)` act in the page. */
export function share(store, button, { go, write }) {
  const { username } = store.world.bot;
  const begin = (query) => write(`@${username} ${query ?? ""}`);
  const here = button.switch_inline_query_current_chat;
  if (typeof here === "string") return begin(here);
  const chosen = button.switch_inline_query_chosen_chat;
  const chats = chosen ? allowedChats(store.chats, chosen) : store.chats;
  const query = chosen ? chosen.query : button.switch_inline_query;
  return pickChat(store, "Share with", chats, (chat) => {
    go({ chatId: chat.id });
    begin(query);
  });
}
