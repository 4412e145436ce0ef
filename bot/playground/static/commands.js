/** The bot's commands, offered while a message begins with a slash, or behind a button. */

import * as api from "./api.js";
import { h } from "./dom.js";
import { iconButton } from "./icons.js";

export class CommandMenu {
  #commands = null;
  #chosen = 0;

  /** `say(text)` sends a command; `write(text)` only puts it into the field. */
  constructor(store, field, { say, write }) {
    this.store = store;
    this.field = field;
    this.say = say;
    this.write = write;
    const attributes = { class: "commands", role: "listbox", "aria-label": "Commands" };
    this.node = h("div", { ...attributes, id: "commands", hidden: true });
    this.button = iconButton("slash", "Commands", () => this.#toggle(), "round slash");
    field.setAttribute("aria-controls", "commands");
  }

  /** Shows what fits the text in the field. */
  async update() {
    const typed = this.field.value;
    if (/^@\w*$/.test(typed)) return this.#show(this.#names(typed.toLowerCase()));
    if (!/^\/\w*$/.test(typed)) {
      this.#commands = null;
      this.#show([]);
      return;
    }
    // The bot may set its commands at any time: they are asked for at each slash.
    this.#commands ??= api.commands(this.store).catch(() => []);
    const commands = await this.#commands;
    if (this.field.value !== typed) return;
    const fitting = commands.filter(({ command }) => `/${command}`.startsWith(typed.toLowerCase()));
    this.#show(fitting.map((command) => this.#command(command)));
  }

  #toggle() {
    this.write(this.node.hidden ? "/" : "");
  }

  #command({ command, description }) {
    const { isGroup, world } = this.store;
    const text = isGroup ? `/${command}@${world.bot.username}` : `/${command}`;
    return { title: `/${command}`, description, text, send: true };
  }

  /** The bot's own name, which begins an inline query. */
  #names(typed) {
    const { username, name } = this.store.world.bot;
    const title = `@${username}`;
    if (!username || !title.startsWith(typed)) return [];
    return [{ title, description: `Search in ${name}`, text: title, send: false }];
  }

  #show(offers) {
    this.#chosen = 0;
    this.offers = offers;
    this.node.hidden = offers.length === 0;
    this.node.replaceChildren(...offers.map((offer, at) => this.#option(offer, at)));
    this.#mark();
  }

  #option(offer, at) {
    const attributes = { class: "command-option", type: "button", role: "option" };
    const onclick = () => this.#choose(offer);
    const onpointermove = () => this.#mark(at);
    return h(
      "button",
      { ...attributes, tabindex: -1, id: `command-${at}`, onclick, onpointermove },
      h("b", {}, offer.title),
      h("span", {}, offer.description),
    );
  }

  #choose({ text, send }) {
    if (send) this.say(text);
    else this.write(`${text} `);
    this.field.focus();
  }

  #mark(chosen = this.#chosen) {
    this.#chosen = chosen;
    [...this.node.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === this.#chosen));
    });
    if (this.node.hidden) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `command-${this.#chosen}`);
  }

  /** Handles a key meant for the open menu; true when it did. */
  key(event) {
    if (this.node.hidden) return false;
    const count = this.node.childElementCount;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#chosen = (this.#chosen + step + count) % count;
    else if (event.key === "Enter") this.node.children[this.#chosen].click();
    else if (event.key === "Tab") this.write(`${this.offers[this.#chosen].text} `);
    else if (event.key === "Escape") this.#show([]);
    else return false;
    event.preventDefault();
    this.#mark();
    return true;
  }
}
