/** The bot's commands, offered while a message begins with a slash. */

import * as api from "./api.js";
import { h } from "./dom.js";

export class CommandMenu {
  #commands = null;
  #chosen = 0;

  /** `say(text)` sends a command. */
  constructor(store, field, say) {
    this.store = store;
    this.field = field;
    this.say = say;
    const attributes = { class: "commands", role: "listbox", "aria-label": "Commands" };
    this.node = h("div", { ...attributes, id: "commands", hidden: true });
    field.setAttribute("aria-controls", "commands");
  }

  /** Shows what fits the text in the field. */
  async update() {
    const typed = this.field.value;
    if (!/^\/\w*$/.test(typed)) {
      this.#commands = null;
      this.#show([]);
      return;
    }
    // The bot may set its commands at any time: they are asked for at each slash.
    this.#commands ??= api.world().then(({ commands }) => commands, () => []);
    const commands = await this.#commands;
    if (this.field.value !== typed) return;
    this.#chosen = 0;
    this.#show(commands.filter(({ command }) => `/${command}`.startsWith(typed.toLowerCase())));
  }

  #show(commands) {
    this.node.hidden = commands.length === 0;
    this.node.replaceChildren(...commands.map((command, at) => this.#option(command, at)));
    this.#mark();
  }

  #option({ command, description }, at) {
    const attributes = { class: "command-option", type: "button", role: "option" };
    const onclick = () => this.#choose(command);
    return h(
      "button",
      { ...attributes, tabindex: -1, id: `command-${at}`, onclick },
      h("b", {}, `/${command}`),
      h("span", {}, description),
    );
  }

  #choose(command) {
    const { isGroup, world } = this.store;
    this.say(isGroup ? `/${command}@${world.bot.username}` : `/${command}`);
    this.field.focus();
  }

  #mark() {
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
    else if (event.key === "Enter" || event.key === "Tab") this.node.children[this.#chosen].click();
    else if (event.key === "Escape") this.#show([]);
    else return false;
    event.preventDefault();
    this.#mark();
    return true;
  }
}
