/** Puts the page together. */

import * as api from "./api.js";
import { Banner } from "./banner.js";
import { ChatPanel } from "./chat_panel.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { followDeepLinks } from "./deeplinks.js";
import { DropZone, listenForPaste } from "./drop.js";
import { Header } from "./header.js";
import { Lightbox } from "./lightbox.js";
import { MessageMenu } from "./message_menu.js";
import { placeInAddress, writeAddress } from "./address.js";
import { sendSamples } from "./samples.js";
import { share } from "./share.js";
import { Sidebar } from "./sidebar.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { toast } from "./toasts.js";
import { Topics } from "./topics.js";
import { followViewport } from "./viewport.js";

const RETRY_MS = 1_500;

const store = new Store();
const app = document.querySelector("#app");
const stream = new Stream({
  onEvent: (event) => store.receive(event),
  onState: (state) => store.setLink(state),
  onLost: () => enter(store),
});

const lightbox = new Lightbox();
const samples = (names, replyTo) => {
  view("chat");
  return sendSamples(store, names, replyTo);
};
const panel = new ChatPanel(store, { openTopic });
new Banner(store);
new Header(store, { goBack: () => view("list"), openPanel: () => panel.open() });
new Topics(store, { open: openTopic });
new Sidebar(store, { go, sendSamples: samples });
const composer = new Composer(store, { sendSamples: samples, start });
const reply = (message) => composer.reply(message);
const edit = (message) => composer.edit(message);
const write = (text) => composer.write(text);
const menu = new MessageMenu(store, { reply, edit, open: (chatId) => go({ chatId }) });
const conversation = new Conversation(store, {
  openPicture: (picture) => lightbox.open(picture, conversation.pictures()),
  reply,
  menu: (messages, at) => menu.open(messages, at),
  share: (button) => share(store, button, { go, write }),
});
followDeepLinks(store, start);
const add = (files, asFile) => composer.add(files, asFile);
new DropZone(add);
listenForPaste(add);
followViewport();

/** On a phone either the list or the chat is seen. */
function view(name) {
  app.dataset.view = name;
}

async function enter({ userId, chatId, topicId }) {
  stream.stop();
  try {
    await store.enter(userId, chatId, topicId);
  } catch {
    store.setLink("offline");
    setTimeout(() => enter({ userId, chatId, topicId }), RETRY_MS);
    return;
  }
  stream.start(store.userId, store.seq);
  document.documentElement.dataset.ready = "true";
}

/** Somebody else, another chat, another topic; what is not said stays. */
function go({ userId = store.userId, chatId = null, topicId = null }) {
  if (userId !== store.userId) {
    const shared = store.isGroup && chatId === null;
    enter({
      userId,
      chatId: shared ? store.chatId : chatId,
      topicId: shared ? store.topicId : topicId,
    });
  } else {
    store.open(chatId ?? store.chatId, topicId);
    view("chat");
  }
}

function openTopic(topicId) {
  go({ chatId: store.chatId, topicId });
}

/** What a link to the bot does: its start, in the private chat or a group. */
async function start(payload, { id: chatId } = store.privateChat) {
  go({ chatId });
  try {
    await api.start(store.userId, payload, chatId);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    toast(error.message, "trouble");
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
  const place = placeInAddress();
  const same = ["userId", "chatId", "topicId"].every((name) => place[name] === store[name]);
  if (!same) go(place);
});

enter(placeInAddress());
