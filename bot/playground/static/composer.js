/** The text field and everything that is sent from it. */

import * as api from "./api.js";
import { AttachMenu } from "./attach_menu.js";
import { Attachments, MOST_FILES, shapesOf } from "./attachments.js";
import { CommandMenu } from "./commands.js";
import { h } from "./dom.js";
import { ForcedReplies } from "./forced.js";
import { iconButton } from "./icons.js";
import { InlinePanel } from "./inline.js";
import { ReplyBar } from "./reply_bar.js";
import { SampleTray } from "./samples.js";
import { toast } from "./toasts.js";

const TALLEST_PX = 180;

export class Composer {
  /** `sendSamples(names, replyTo)`; `start(payload)` opens the bot as its links do. */
  constructor(store, { sendSamples, start }) {
    this.store = store;
    this.attachments = new Attachments({
      onChange: () => this.#changed(),
      pick: (asFile) => this.#pick(asFile),
    });
    this.bar = new ReplyBar(() => this.#turned());
    this.#build(sendSamples, start);
    const answer = (message) => this.bar.editing ?? this.bar.reply(message);
    this.forced = new ForcedReplies(store, answer);
    store.addEventListener("place", () => this.#enter());
    store.addEventListener("messages", () => this.bar.forget((id) => !store.message(id)));
    store.addEventListener("world", () => this.#changed());
    document.addEventListener("keydown", (event) => this.#catchTyping(event));
  }

  #build(sendSamples, start) {
    const typing = { rows: 1, enterkeyhint: "send", autocomplete: "off" };
    this.field = h("textarea", { class: "field", ...typing });
    this.picker = h("input", { type: "file", multiple: true, hidden: true, tabindex: -1 });
    this.button = iconButton("send", "Send", () => this.send(), "round send");
    this.menu = new AttachMenu({
      pick: (asFile) => this.#pick(asFile),
      sendSamples: (names) => sendSamples(names, this.bar.takeReply()),
      sendKind: (kind) => this.#deliver({ kind, replyTo: this.bar.takeReply() }),
    });
    const write = (text) => this.write(text);
    const say = (text) => this.#say(text);
    this.commands = new CommandMenu(this.store, this.field, { say, write });
    this.inline = new InlinePanel(this.store, this.field, { start, done: () => write("") });
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.picker.addEventListener("change", () => this.#picked());
    const tray = new SampleTray(this.store, sendSamples);
    const { menu, commands, field, button } = this;
    const line = h("div", { class: "line" }, menu.node, field, commands.button, button);
    const above = [commands.node, this.inline.node, tray.node, this.bar.node];
    document
      .querySelector("#composer")
      .append(...above, this.attachments.node, line, this.picker);
    this.#changed();
  }

  #enter() {
    const { userId, chatId, topicId } = this.store;
    const place = `${userId}/${chatId}/${topicId}`;
    if (place === this.place) return;
    this.place = place;
    this.field.value = "";
    this.attachments.take();
    this.bar.clear();
    this.#changed();
    this.forced.resume();
  }

  /** Who types anywhere means the text field. */
  #catchTyping({ key, ctrlKey, metaKey, altKey, target }) {
    const letter = key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
    const busy = target.closest?.("input, textarea, select, dialog, [role=menu]");
    if (letter && !busy) this.field.focus();
  }

  /** Puts words into the field, as if they had been typed. */
  write(text) {
    this.field.value = text;
    this.field.focus();
    this.#changed();
  }

  /** Adds pictures or files; they wait for the send button. */
  add(files, asFile = false) {
    const tooMany = this.attachments.add(files, asFile);
    if (tooMany) toast(`Only ${MOST_FILES} at once; ${tooMany} left out.`, "trouble");
    this.field.focus();
  }

  reply(message) {
    this.bar.reply(message);
  }

  /** Starts to change one's own message. */
  edit(message) {
    this.bar.edit(message);
    this.write(message.text ?? "");
  }

  /** The bar above the field has been opened or closed. */
  #turned() {
    if (this.edited && !this.bar.editing) this.field.value = "";
    this.edited = this.bar.editing !== null;
    if (this.bar.active) this.field.focus();
    this.#changed();
  }

  #pick(asFile) {
    this.picker.accept = asFile ? "" : "image/*";
    this.picker.dataset.asFile = asFile ? "1" : "";
    this.picker.click();
  }

  #picked() {
    const files = [...this.picker.files];
    this.picker.value = "";
    if (files.length) this.add(files, this.picker.dataset.asFile === "1");
  }

  #changed() {
    const { field, bar } = this;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, TALLEST_PX)}px`;
    this.button.disabled = this.#empty && !(bar.editing && !isWords(bar.editing));
    field.placeholder = this.#placeholder();
    field.setAttribute("aria-label", field.placeholder);
    this.commands.update();
    this.inline.update(!bar.editing && this.attachments.empty);
  }

  get #empty() {
    return !this.field.value.trim() && this.attachments.empty;
  }

  #placeholder() {
    if (!this.attachments.empty) return "Add a caption…";
    if (this.bar.placeholder) return this.bar.placeholder;
    return this.store.anonymous ? "Message as the group" : "Message";
  }

  #key(event) {
    if (event.isComposing || this.inline.key(event) || this.commands.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") {
      if (this.bar.active) this.bar.clear();
      else this.attachments.take();
    } else if (event.key === "ArrowUp" && this.#empty && !this.bar.active) {
      const own = this.store.shown().findLast(({ from }) => from.id === this.store.userId);
      if (own?.text) this.edit(own);
      event.preventDefault();
    }
  }

  #say(text) {
    this.field.value = text;
    this.send();
  }

  async send() {
    if (this.bar.editing) return this.#sendEdit();
    const text = this.field.value.trim();
    if (!text && this.attachments.empty) return;
    const { files, asFile } = this.attachments.take();
    this.field.value = "";
    const replyTo = this.bar.takeReply();
    this.#changed();
    const shapes = asFile ? new Map() : await shapesOf(files);
    const sent = await this.#deliver({ text, files, asFile, replyTo, shapes });
    if (!sent) this.#takeBack(text, files, asFile);
  }

  async #sendEdit() {
    const { chat_id: chatId, message_id: messageId, text } = this.bar.editing;
    const words = this.field.value.trim();
    if (words !== (text ?? "")) {
      const edit = () => api.edit(chatId, messageId, this.store.userId, words);
      if (!(await attempt(edit, "Not changed."))) return;
    }
    this.bar.clear();
  }

  #deliver(draft) {
    return attempt(() => this.store.send(draft), "Not sent.");
  }

  /** What could not be sent is not lost. */
  #takeBack(text, files, asFile) {
    if (!this.field.value) this.field.value = text;
    if (files.length) this.attachments.add(files, asFile);
    this.#changed();
  }
}

/** Whether a message has nothing but words: then it cannot lose them. */
function isWords({ kind }) {
  return kind === "text";
}

async function attempt(work, failure) {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    toast(`${failure} ${error.message}`, "trouble");
    return false;
  }
}
