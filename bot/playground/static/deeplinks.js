/** Links to the bot itself, which lead into the private chat with it. */

import { pickChat } from "./picker.js";

/**
 * What `https://t.me/<username>?start=…` or `?startgroup=…` asks for, as
 * `{payload, inGroup}`; null for any other address.
 */
export function startOf(href, username) {
  if (!URL.canParse(href)) return null;
  const { protocol, hostname, pathname, searchParams } = new URL(href);
  const named = `/${username}`.toLowerCase();
  const web = /^https?:$/.test(protocol) && /^(t|telegram)\.me$/.test(hostname);
  if (!web || pathname.toLowerCase() !== named) return null;
  const inGroup = searchParams.has("startgroup");
  return { payload: searchParams.get(inGroup ? "startgroup" : "start") ?? "", inGroup };
}

/**
 * Follows such links here, wherever in the page they are; others are left alone.
 * `follow(payload, chat)` starts the bot there.
 */
export function followDeepLinks(store, follow) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const asked = link && startOf(link.href, store.world.bot.username);
    if (!asked) return;
    event.preventDefault();
    if (!asked.inGroup) follow(asked.payload, store.privateChat);
    else pickGroup(store, (group) => follow(asked.payload, group));
  });
}

function pickGroup(store, choose) {
  const groups = store.chats.filter((chat) => store.runs(chat));
  pickChat(store, "Add the bot to", groups, choose);
}
