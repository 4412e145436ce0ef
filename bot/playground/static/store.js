/** What the page knows: the world, the place in it, and the messages of each chat. */

import { Activity, placeKey } from "./activity.js";
import * as api from "./api.js";
import { Outgoing } from "./outgoing.js";
import { withPreview } from "./previews.js";
import { Unread } from "./unread.js";

const NOTHING = { bot: { id: 0, name: "", username: "" }, users: [], chats: [], notice: null };

/**
 * Dispatches "world", "place", "messages" (detail: `{chatId, arrived}`), "action",
 * "notice" and "link"; every view reads its state from here.
 */
export class Store extends EventTarget {
  world = NOTHING;
  userId = null;
  chatId = null;
  /** The open topic of a forum; null: its general one, or a chat without topics. */
  topicId = null;
  link = "online";
  seq = 0;
  #messages = new Map();
  #unread = new Unread();
  #activity = new Activity((chatId) => this.#tell("action", { chatId }));
  #anonymous = new Set();
  /** Messages of chats that are not known yet. */
  #strays = [];
  #refreshed = Promise.resolve();
  #outgoing = new Outgoing(this, {
    put: (message) => this.#put(message),
    drop: (chatId, messageId) => this.#drop(chatId, messageId),
    apply: (event) => this.#apply(event),
  });

  get user() {
    return this.world.users.find((user) => user.id === this.userId);
  }

  get chat() {
    return this.world.chats.find((chat) => chat.id === this.chatId);
  }

  get isGroup() {
    return this.chat !== undefined && this.chat.type !== "private";
  }

  get isForum() {
    return Boolean(this.chat?.is_forum);
  }

  get privateChat() {
    return this.chats.find((chat) => chat.type === "private");
  }

  /** Whether the present user runs a group. */
  runs(chat) {
    return chat.owner === this.userId || chat.administrators.includes(this.userId);
  }

  /** The chats the present user is in, without those that live on elsewhere. */
  get chats() {
    const { world, userId } = this;
    const mine = world.chats.filter(
      (chat) => chat.members.includes(userId) && !chat.migrated_to,
    );
    const rank = (chat) => (chat.type === "private" ? 0 : 1);
    return mine.sort((a, b) => rank(a) - rank(b));
  }

  titleOf(chat) {
    return chat.type === "private" ? this.world.bot.name : chat.title;
  }

  /** Whether the present user speaks in the open chat as the group itself. */
  get anonymous() {
    const wanted = this.#anonymous.has(placeKey(this.userId, this.chatId));
    return wanted && this.isGroup && this.runs(this.chat);
  }

  set anonymous(on) {
    const key = placeKey(this.userId, this.chatId);
    if (on) this.#anonymous.add(key);
    else this.#anonymous.delete(key);
    this.#tell("world");
  }

  /** In whose name the present user writes: oneself, or the group. */
  get speaker() {
    const { id, name } = this.user;
    return this.anonymous ? { id: api.ANONYMOUS_ID, name: this.chat.title } : { id, name };
  }

  /** Loads everything `userId` can see, and opens the place when it exists. */
  async enter(userId, chatId, topicId = null) {
    const world = await api.world();
    const user = world.users.find(({ id }) => id === userId) ?? world.users[0];
    this.#messages = await this.#load(world, user.id);
    this.world = world;
    this.userId = user.id;
    // The world says where the log of events stands: what happens meanwhile is replayed.
    this.seq = world.seq;
    this.#unread.clear();
    this.#activity.clear();
    this.#strays = [];
    this.#settle(chatId, topicId);
    for (const type of ["world", "place", "notice"]) this.#tell(type);
  }

  async #load(world, userId, known = new Map()) {
    const mine = world.chats.filter(({ members }) => members.includes(userId));
    const lists = mine.map(async ({ id }) => {
      if (known.has(id)) return [id, known.get(id)];
      const messages = await api.messages(id, userId);
      return [id, new Map(messages.map((message) => [message.message_id, message]))];
    });
    return new Map(await Promise.all(lists));
  }

  /** Learns of new people, chats and rights, one time after another. */
  refresh() {
    this.#refreshed = this.#refreshed.catch(() => undefined).then(() => this.#reload());
    return this.#refreshed;
  }

  async #reload() {
    const { userId } = this;
    const world = await api.world();
    const messages = await this.#load(world, userId, this.#messages);
    if (userId !== this.userId) return;
    this.world = world;
    this.#messages = messages;
    this.#settle(this.chatId, this.topicId);
    for (const type of ["world", "place"]) this.#tell(type);
    for (const message of this.#strays.splice(0)) {
      if (!this.message(message.message_id, message.chat_id)) this.#put(message);
    }
  }

  /** Opens the place if there is one; a group that has become another is followed. */
  #settle(chatId, topicId) {
    const moved = this.world.chats.find(({ id }) => id === chatId)?.migrated_to;
    const chat = this.chats.find(({ id }) => id === (moved ?? chatId)) ?? this.chats[0];
    this.chatId = chat.id;
    const known = chat.is_forum && chat.topics.some((topic) => topic.id === topicId);
    this.topicId = known ? topicId : null;
  }

  open(chatId, topicId = null) {
    this.#settle(chatId, topicId);
    this.#unread.forget(this.chatId, this.topicId);
    this.#tell("place");
  }

  /** Of the whole chat, oldest first; messages still on their way come last. */
  messages(chatId = this.chatId) {
    const list = [...(this.#messages.get(chatId)?.values() ?? [])];
    return list.sort((a, b) => order(a) - order(b));
  }

  /** What stands in the open topic. */
  shown() {
    const messages = this.messages();
    if (!this.isForum) return messages;
    return messages.filter((message) => message.thread_id === this.topicId);
  }

  message(messageId, chatId = this.chatId) {
    return this.#messages.get(chatId)?.get(messageId);
  }

  lastMessage(chatId) {
    return this.messages(chatId).at(-1);
  }

  /** How many messages of a chat, or of one topic, have not been seen. */
  unread(chatId, topicId) {
    return topicId === undefined ? this.#unread.inChat(chatId) : this.#unread.at(chatId, topicId);
  }

  /** What the bot does in the open topic, or anywhere in another chat. */
  action(chatId = null) {
    if (chatId !== null) return this.#activity.inChat(chatId);
    return this.#activity.at(this.chatId, this.topicId);
  }

  setLink(state) {
    if (this.link === state) return;
    this.link = state;
    this.#tell("link");
  }

  /** Takes one event of the server's stream. */
  receive(event) {
    if (!this.#outgoing.holds(event)) this.#apply(event);
  }

  #apply(event) {
    const { type, chat_id: chatId } = event;
    if (event.message) this.#put(event.message);
    else if (type === "deleted") this.#drop(chatId, event.message_id);
    else if (type === "action" || type === "action_ended") this.#act(event);
    else if (type === "draft") this.#act({ ...event, action: "typing" });
    else if (type === "notice") this.#notice(event.text ?? null);
    else if (type === "world") this.refresh().catch(() => undefined);
  }

  #act({ chat_id: chatId, thread_id: threadId, action }) {
    if (action) this.#activity.begin(chatId, threadId, action);
    else this.#activity.end(chatId, threadId);
  }

  #put(message) {
    const chatId = message.chat_id;
    const list = this.#messages.get(chatId);
    if (!list) return this.#strays.push(message);
    const known = list.get(message.message_id);
    const arrived = known === undefined;
    list.set(message.message_id, withPreview(message, known));
    if (arrived && message.from.is_bot) this.#activity.end(chatId, message.thread_id);
    if (arrived && message.from.id !== this.userId) this.#count(message);
    this.#tell("messages", { chatId, arrived: arrived ? message : null });
  }

  #count(message) {
    if (message.kind === "service") return;
    const { chat_id: chatId, thread_id: threadId } = message;
    const open = chatId === this.chatId && threadId === this.topicId;
    if (!open || document.hidden) this.#unread.count(chatId, threadId);
  }

  markRead() {
    if (this.#unread.forget(this.chatId, this.topicId)) this.#tell("place");
  }

  #drop(chatId, messageId) {
    if (!this.#messages.get(chatId)?.delete(messageId)) return;
    this.#tell("messages", { chatId, arrived: null });
  }

  #notice(text) {
    this.world = { ...this.world, notice: text };
    this.#tell("notice");
  }

  /** Sends a draft, showing it at once; throws `ApiError` and takes it back. */
  send(draft) {
    return this.#outgoing.send(draft);
  }

  /** Sends a copy of a message, `<chat id>:<message id>`, to the open place. */
  forward(source) {
    return this.#outgoing.forward(source);
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function order(message) {
  return message.message_id > 0 ? message.message_id : 1e15 - message.message_id;
}
