/** Puts the page together. */

import { Banner } from "./banner.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { DropZone, listenForPaste } from "./drop.js";
import { Header } from "./header.js";
import { Lightbox } from "./lightbox.js";
import { placeInAddress, writeAddress } from "./address.js";
import { sendSamples } from "./samples.js";
import { Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { followViewport } from "./viewport.js";

const RETRY_MS = 1_500;

const store = new Store();
const app = document.querySelector("#app");
const stream = new Stream({
  onEvent: (event) => store.receive(event),
  onState: (state) => store.setLink(state),
  onLost: () => enter(store.userId, store.chatId),
});

const lightbox = new Lightbox();
const samples = (names, replyTo) => {
  view("chat");
  return sendSamples(store, names, replyTo);
};
new Banner(store);
new Header(store, { goBack: () => view("list") });
new Sidebar(store, { go, sendSamples: samples });
const composer = new Composer(store, samples);
const conversation = new Conversation(store, {
  openPicture: (picture) => lightbox.open(picture, conversation.pictures()),
  reply: (message) => composer.reply(message),
});
const add = (files, asFile) => composer.add(files, asFile);
new DropZone(add);
listenForPaste(add);
followViewport();

/** On a phone either the list or the chat is seen. */
function view(name) {
  app.dataset.view = name;
}

async function enter(userId, chatId) {
  stream.stop();
  try {
    await store.enter(userId, chatId);
  } catch {
    store.setLink("offline");
    setTimeout(() => enter(userId, chatId), RETRY_MS);
    return;
  }
  stream.start(store.userId, store.seq);
  document.documentElement.dataset.ready = "true";
}

function go({ userId = store.userId, chatId = null }) {
  if (userId !== store.userId) {
    const shared = store.isGroup ? store.chatId : null;
    enter(userId, chatId ?? shared);
  } else {
    store.open(chatId ?? store.chatId);
    view("chat");
  }
}

function nameTab() {
  const unread = store.chats.reduce((sum, chat) => sum + store.unread(chat.id), 0);
  const name = store.chat ? store.titleOf(store.chat) : "";
  document.title = `${unread ? `(${unread}) ` : ""}${name} · playground`;
}

store.addEventListener("place", () => {
  writeAddress(store);
  nameTab();
});
store.addEventListener("messages", nameTab);
addEventListener("hashchange", () => {
  const { userId, chatId } = placeInAddress();
  if (userId !== store.userId || chatId !== store.chatId) go({ userId, chatId });
});

const { userId, chatId } = placeInAddress();
enter(userId, chatId);
