/** What the page knows: the world, the place in it, and the messages of each chat. */

import * as api from "./api.js";

const ACTION_MS = 5_500;

/**
 * Dispatches "world", "place", "messages" (detail: `{chatId, arrived}`), "action",
 * "notice" and "link"; every view reads its state from here.
 */
export class Store extends EventTarget {
  world = { bot: { id: 0, name: "", username: "" }, users: [], chats: [], notice: null };
  userId = null;
  chatId = null;
  link = "online";
  seq = 0;
  #messages = new Map();
  #unread = new Map();
  #actions = new Map();
  #pendingId = 0;
  #sending = 0;
  #held = [];

  get user() {
    return this.world.users.find((user) => user.id === this.userId);
  }

  get chat() {
    return this.world.chats.find((chat) => chat.id === this.chatId);
  }

  get isGroup() {
    return this.chat !== undefined && this.chat.type !== "private";
  }

  /** The chats the present user is in. */
  get chats() {
    return this.world.chats.filter((chat) => this.#isMember(chat, this.userId));
  }

  #isMember(chat, userId) {
    return chat.members.includes(userId);
  }

  titleOf(chat) {
    return chat.type === "private" ? this.world.bot.name : chat.title;
  }

  /** Loads everything `userId` can see; returns the chat that can be shown. */
  async enter(userId, wantedChatId) {
    const world = await api.world();
    const user = world.users.find(({ id }) => id === userId) ?? world.users[0];
    const chats = world.chats.filter((chat) => this.#isMember(chat, user.id));
    // The world says where the log of events stands: what happens meanwhile is replayed.
    const lists = await Promise.all(chats.map(({ id }) => api.messages(id, user.id)));
    this.world = world;
    this.userId = user.id;
    this.seq = world.seq;
    this.#messages = new Map(
      chats.map(({ id }, at) => [id, new Map(lists[at].map((m) => [m.message_id, m]))]),
    );
    this.#unread.clear();
    this.#actions.clear();
    this.chatId = (chats.find(({ id }) => id === wantedChatId) ?? chats[0]).id;
    for (const type of ["world", "place", "notice"]) this.#tell(type);
  }

  open(chatId) {
    this.chatId = chatId;
    this.#unread.delete(chatId);
    this.#tell("place");
  }

  /** Oldest first; messages still on their way come last. */
  messages(chatId = this.chatId) {
    const list = [...(this.#messages.get(chatId)?.values() ?? [])];
    return list.sort((a, b) => order(a) - order(b));
  }

  message(messageId, chatId = this.chatId) {
    return this.#messages.get(chatId)?.get(messageId);
  }

  lastMessage(chatId) {
    return this.messages(chatId).at(-1);
  }

  unread(chatId) {
    return this.#unread.get(chatId) ?? 0;
  }

  action(chatId = this.chatId) {
    return this.#actions.get(chatId)?.name ?? null;
  }

  setLink(state) {
    if (this.link === state) return;
    this.link = state;
    this.#tell("link");
  }

  /** Takes one event of the server's stream. */
  receive(event) {
    // While a message of ours is being sent, all news of our own messages waits for the
    // answer to the request, which takes the place of the local preview and is older.
    if (this.#sending > 0 && this.#isOurs(event)) this.#held.push(event);
    else this.#apply(event);
  }

  #isOurs(event) {
    if (event.message) return event.message.from.id === this.userId;
    return event.type === "deleted" && !this.message(event.message_id, event.chat_id);
  }

  #apply(event) {
    if (event.type === "message" || event.type === "edited") this.#put(event.message);
    else if (event.type === "deleted") this.#drop(event.chat_id, event.message_id);
    else if (event.type === "action") this.#act(event.chat_id, event.action);
    else if (event.type === "notice") this.#notice(event.text ?? null);
  }

  #put(message) {
    const chatId = message.chat_id;
    const list = this.#messages.get(chatId);
    if (!list) return;
    const known = list.get(message.message_id);
    const arrived = known === undefined;
    list.set(message.message_id, withPreview(message, known));
    if (arrived && message.from.is_bot) this.#endAction(chatId);
    if (arrived && message.from.id !== this.userId) this.#count(chatId);
    this.#tell("messages", { chatId, arrived: arrived ? message : null });
  }

  #count(chatId) {
    const away = chatId !== this.chatId || document.hidden;
    if (away) this.#unread.set(chatId, this.unread(chatId) + 1);
  }

  markRead() {
    if (this.#unread.delete(this.chatId)) this.#tell("place");
  }

  #drop(chatId, messageId) {
    if (!this.#messages.get(chatId)?.delete(messageId)) return;
    this.#tell("messages", { chatId, arrived: null });
  }

  #act(chatId, name) {
    clearTimeout(this.#actions.get(chatId)?.timer);
    const timer = setTimeout(() => this.#endAction(chatId), ACTION_MS);
    this.#actions.set(chatId, { name, timer });
    this.#tell("action", { chatId });
  }

  #endAction(chatId) {
    clearTimeout(this.#actions.get(chatId)?.timer);
    if (this.#actions.delete(chatId)) this.#tell("action", { chatId });
  }

  #notice(text) {
    this.world = { ...this.world, notice: text };
    this.#tell("notice");
  }

  /** Sends a draft, showing it at once; throws `ApiError` and takes it back. */
  async send(draft) {
    const { chatId, userId } = this;
    const previews = previewsOf(draft, this.user, chatId, () => --this.#pendingId);
    previews.forEach((preview) => this.#put(preview));
    this.#sending += 1;
    try {
      const sent = await api.send(chatId, userId, draft);
      previews.forEach((preview) => this.#drop(chatId, preview.message_id));
      if (userId === this.userId) {
        sent.forEach((message, at) => this.#put(withPreview(message, previews[at])));
      }
    } catch (error) {
      previews.forEach((preview) => this.#drop(chatId, preview.message_id));
      throw error;
    } finally {
      this.#sending -= 1;
      if (this.#sending === 0) this.#release();
    }
  }

  #release() {
    for (const event of this.#held.splice(0)) {
      const known = this.message(event.message?.message_id, event.chat_id);
      if (event.type !== "message" || !known) this.#apply(event);
    }
  }

  #tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function order(message) {
  return message.message_id > 0 ? message.message_id : 1e15 - message.message_id;
}

/** What a draft will look like: one message, or one for each file. */
function previewsOf(draft, user, chatId, nextId) {
  const files = draft.files?.length ? draft.files : [null];
  const album = files.length > 1 && !draft.asFile ? `pending${Date.now()}` : null;
  const shapeOf = (file) => draft.shapes?.get(file) ?? null;
  return files.map((file, at) => ({
    message_id: nextId(),
    chat_id: chatId,
    pending: true,
    date: Date.now() / 1000,
    edit_date: null,
    from: { id: user.id, name: user.name, is_bot: false },
    text: at === 0 ? draft.text || null : null,
    html: null,
    reply_to: draft.replyTo ?? null,
    media_group_id: album,
    photo: shapeOf(file),
    document: file && !shapeOf(file) ? localDocument(file) : null,
    animation: null,
    kind: draft.kind ?? (file ? (draft.asFile ? "document" : "photo") : "text"),
    keyboard: null,
    reaction: null,
  }));
}

function localDocument(file) {
  return { file_id: "", name: file.name, size: file.size, mime: file.type };
}

/** The server's message, which keeps the local picture until its own has loaded. */
function withPreview(message, before) {
  const url = before?.photo?.placeholder ?? before?.photo?.url;
  if (!url || !message.photo) return message;
  return { ...message, photo: { ...message.photo, placeholder: url } };
}
