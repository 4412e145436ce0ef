/** The bar above the conversation: with whom one talks, and whether one is heard. */

import { avatar } from "./avatars.js";
import { Slot, h } from "./dom.js";
import { iconButton } from "./icons.js";

const ACTIONS = {
  typing: "typing",
  upload_photo: "sending a photo",
  upload_document: "sending a file",
  upload_video: "sending a clip",
  record_video: "recording a clip",
  choose_sticker: "choosing a sticker",
};

/** In a group, and in private. */
const ABSENT = {
  kicked: ["the bot was removed", "blocked"],
  left: ["the bot has left", "gone"],
};

export class Header {
  constructor(store, { goBack, openPanel }) {
    this.store = store;
    const back = iconButton("back", "All chats", goBack, "round back");
    this.face = new Slot("header-face");
    this.title = h("h2", {});
    this.state = h("p", { class: "state" });
    this.you = new Slot("you");
    const words = h("div", { class: "header-words" }, this.title, this.state);
    const header = document.querySelector("#chat-header");
    const panel = iconButton("dots", "About this chat", openPanel, "round panel");
    header.append(back, this.face.node, words, this.you.node, panel);
    for (const type of ["world", "place", "action", "link"]) {
      store.addEventListener(type, () => this.#render());
    }
  }

  #render() {
    const { store } = this;
    const { chat, user } = store;
    if (!chat) return;
    this.title.textContent = store.titleOf(chat);
    const person = { id: chat.id, name: chat.title, is_bot: !store.isGroup };
    this.face.show(person, avatar);
    const hidden = store.anonymous && store.isGroup;
    this.you.show({ user, hidden }, () => (hidden ? asTheGroup(chat) : asOneself(user)));
    this.#renderState(chat);
  }

  #renderState(chat) {
    const { link, isGroup } = this.store;
    const action = this.store.action();
    const offline = link !== "online";
    const members = chat.members.length + 1;
    let words = isGroup ? `${members} members` : "bot";
    const absence = ABSENT[chat.bot_status];
    if (absence) words = isGroup ? `${members - 1} members · ${absence[0]}` : absence[1];
    if (action !== null) words = `${ACTIONS[action] ?? "busy"}…`;
    if (offline) words = "reconnecting…";
    this.state.textContent = words;
    this.state.classList.toggle("offline", offline);
    this.state.classList.toggle("busy", !offline && action !== null);
  }
}

function asOneself(user) {
  return [avatar(user), h("span", {}, `You are ${user.name}`)];
}

function asTheGroup(chat) {
  const person = { id: chat.id, name: chat.title };
  return [avatar(person), h("span", {}, `You are ${chat.title}`)];
}
