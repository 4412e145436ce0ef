/** Above the text field: the message that is being answered or edited. */

import { h } from "./dom.js";
import { summary } from "./format.js";
import { icon, iconButton } from "./icons.js";

const SIGNS = { reply: "reply", edit: "pencil" };

export class ReplyBar {
  #mode = null;
  #message = null;

  /** `onChange()` is called after every change. */
  constructor(onChange) {
    this.onChange = onChange;
    this.node = h("div", { class: "replying", hidden: true });
  }

  /** The id of the message that is being answered, or null. */
  get replyTo() {
    return this.#mode === "reply" ? this.#message.message_id : null;
  }

  /** The message that is being edited, or null. */
  get editing() {
    return this.#mode === "edit" ? this.#message : null;
  }

  get active() {
    return this.#mode !== null;
  }

  /** The placeholder the bot asked for together with this answer, or null. */
  get placeholder() {
    return this.#mode === "reply" ? (this.#message.force_reply?.placeholder ?? null) : null;
  }

  reply(message) {
    this.#set("reply", message);
  }

  edit(message) {
    this.#set("edit", message);
  }

  clear() {
    if (this.active) this.#set(null, null);
  }

  /** Gives up what `isGone(messageId)`. */
  forget(isGone) {
    if (this.active && isGone(this.#message.message_id)) this.clear();
  }

  /** Hands over the message to be answered and forgets it. */
  takeReply() {
    const { replyTo } = this;
    this.clear();
    return replyTo;
  }

  #set(mode, message) {
    this.#mode = mode;
    this.#message = message;
    this.node.hidden = mode === null;
    this.node.replaceChildren(...(mode === null ? [] : this.#content()));
    this.onChange();
  }

  #content() {
    const editing = this.#mode === "edit";
    const title = editing ? "Edit message" : this.#message.from.name;
    const label = editing ? "Do not edit" : "Do not reply";
    const words = h("span", {}, summary(this.#message));
    return [
      icon(SIGNS[this.#mode]),
      h("span", { class: "quoted" }, h("b", {}, title), words),
      iconButton("close", label, () => this.clear(), "round small"),
    ];
  }
}
