/** The text field and everything that is sent from it. */

import * as api from "./api.js";
import { AttachMenu } from "./attach_menu.js";
import { Attachments, MOST_FILES, shapesOf } from "./attachments.js";
import { CommandMenu } from "./commands.js";
import { h } from "./dom.js";
import { summary } from "./format.js";
import { icon, iconButton } from "./icons.js";
import { SampleTray } from "./samples.js";
import { toast } from "./toasts.js";

const TALLEST_PX = 180;

export class Composer {
  #replyTo = null;

  constructor(store, sendSamples) {
    this.store = store;
    this.attachments = new Attachments({
      onChange: () => this.#changed(),
      pick: (asFile) => this.#pick(asFile),
    });
    this.#build(sendSamples);
    store.addEventListener("place", () => this.#enter());
    document.addEventListener("keydown", (event) => this.#catchTyping(event));
  }

  #build(sendSamples) {
    const typing = { rows: 1, enterkeyhint: "send", autocomplete: "off" };
    this.field = h("textarea", { class: "field", ...typing });
    this.picker = h("input", { type: "file", multiple: true, hidden: true, tabindex: -1 });
    this.button = iconButton("send", "Send", () => this.send(), "round send");
    this.quote = h("div", { class: "replying", hidden: true });
    this.menu = new AttachMenu({
      pick: (asFile) => this.#pick(asFile),
      sendSamples: (names) => sendSamples(names, this.#takeReply()),
      sendKind: (kind) => this.#deliver({ kind, replyTo: this.#takeReply() }),
    });
    this.commands = new CommandMenu(this.store, this.field, (text) => this.#say(text));
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.picker.addEventListener("change", () => this.#picked());
    const tray = new SampleTray(this.store, sendSamples);
    const line = h("div", { class: "line" }, this.menu.node, this.field, this.button);
    document
      .querySelector("#composer")
      .append(this.commands.node, tray.node, this.quote, this.attachments.node, line, this.picker);
    this.#changed();
  }

  #enter() {
    const place = `${this.store.userId}/${this.store.chatId}`;
    if (place === this.place) return;
    this.place = place;
    this.field.value = "";
    this.attachments.take();
    this.reply(null);
  }

  /** Who types anywhere means the text field. */
  #catchTyping({ key, ctrlKey, metaKey, altKey, target }) {
    const letter = key.length === 1 && key !== " " && !ctrlKey && !metaKey && !altKey;
    const busy = target.closest?.("input, textarea, dialog, [role=menu]");
    if (letter && !busy) this.field.focus();
  }

  /** Adds pictures or files; they wait for the send button. */
  add(files, asFile = false) {
    const tooMany = this.attachments.add(files, asFile);
    if (tooMany) toast(`Only ${MOST_FILES} at once; ${tooMany} left out.`, "trouble");
    this.field.focus();
  }

  /** Starts an answer to a message; null gives it up. */
  reply(message) {
    this.#replyTo = message?.message_id ?? null;
    this.quote.hidden = message === null;
    this.quote.replaceChildren(...(message ? this.#quoted(message) : []));
    if (message) this.field.focus();
  }

  #quoted(message) {
    const cancel = () => this.reply(null);
    const words = h("span", {}, summary(message));
    return [
      icon("reply"),
      h("span", { class: "quoted" }, h("b", {}, message.from.name), words),
      iconButton("close", "Do not reply", cancel, "round small"),
    ];
  }

  #takeReply() {
    const replyTo = this.#replyTo;
    this.reply(null);
    return replyTo;
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
    const { field } = this;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, TALLEST_PX)}px`;
    const nothing = !field.value.trim() && this.attachments.empty;
    this.button.disabled = nothing;
    field.placeholder = this.attachments.empty ? "Message" : "Add a caption…";
    field.setAttribute("aria-label", field.placeholder);
    this.commands.update();
  }

  #key(event) {
    if (event.isComposing || this.commands.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") {
      if (this.#replyTo !== null) this.reply(null);
      else this.attachments.take();
    }
  }

  #say(text) {
    this.field.value = text;
    this.send();
  }

  async send() {
    const text = this.field.value.trim();
    if (!text && this.attachments.empty) return;
    const { files, asFile } = this.attachments.take();
    this.field.value = "";
    const replyTo = this.#takeReply();
    this.#changed();
    const shapes = asFile ? new Map() : await shapesOf(files);
    const sent = await this.#deliver({ text, files, asFile, replyTo, shapes });
    if (!sent) this.#takeBack(text, files, asFile);
  }

  async #deliver(draft) {
    try {
      await this.store.send(draft);
      return true;
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      toast(`Not sent. ${error.message}`, "trouble");
      return false;
    }
  }

  /** What could not be sent is not lost. */
  #takeBack(text, files, asFile) {
    if (!this.field.value) this.field.value = text;
    if (files.length) this.attachments.add(files, asFile);
    this.#changed();
  }
}
