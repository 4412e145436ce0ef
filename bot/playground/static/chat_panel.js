/** What one can change about a chat: the bot's part in it, its rights, its kind. */

import * as api from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openSheet } from "./sheets.js";
import { askForTopic } from "./topics.js";
import { toast } from "./toasts.js";

const ROLES = [
  ["member", "Member", "Reads commands, replies to it and its name"],
  ["administrator", "Administrator", "Reads everything"],
  ["kicked", "Removed", "Reads and sends nothing"],
];

export class ChatPanel {
  /** `openTopic(topicId)` goes to a topic of the open chat. */
  constructor(store, { openTopic }) {
    this.store = store;
    this.openTopic = openTopic;
  }

  open() {
    const { store } = this;
    const parts = store.isGroup ? this.#group() : this.#bot();
    this.sheet = openSheet(store.titleOf(store.chat), ...parts);
  }

  #group() {
    const { store } = this;
    const { chat } = store;
    const supergroup = chat.type === "supergroup";
    const parts = [
      section("The bot here", ...ROLES.map((role) => this.#role(role))),
      section("Members", this.#photos(), ...this.#administrators()),
      section(
        "The group",
        supergroup && this.#anonymous(),
        supergroup && action("topic", "New topic…", () => this.#newTopic()),
        !supergroup && action("group", "Make it a supergroup", () => this.#migrate()),
      ),
    ];
    if (store.runs(chat)) return parts;
    const note = h("p", { class: "sheet-note" }, "Only administrators of the group change this.");
    const still = h("fieldset", { class: "sheet-still", disabled: true }, ...parts);
    return [note, still, action("back", "Leave the group", () => this.#leave())];
  }

  #role([status, name, words]) {
    const { chat, chatId, userId } = this.store;
    const checked = chat.bot_status === status;
    const onchange = () => this.#act(() => api.setBotStatus(chatId, userId, status));
    const input = h("input", { type: "radio", name: "role", checked, onchange });
    return option(input, name, words);
  }

  #bot() {
    const { chat, chatId, userId, world } = this.store;
    const name = h("p", { class: "sheet-note" }, `@${world.bot.username}`);
    const block = (on) => api.setBotStatus(chatId, userId, on ? "kicked" : "member");
    const input = this.#switch(chat.bot_status === "kicked", block);
    return [name, section("The bot", option(input, "Blocked", "It can no longer write to you"))];
  }

  #photos() {
    const { chat, chatId, userId } = this.store;
    const permit = (on) => api.permitPhotos(chatId, userId, on);
    const input = this.#switch(chat.permissions.can_send_photos, permit);
    return option(input, "May send photos", "The bot too, unless it is an administrator");
  }

  #administrators() {
    const { chat, chatId, userId, world } = this.store;
    const members = world.users.filter(({ id }) => chat.members.includes(id) && id !== chat.owner);
    return members.map(({ id, name }) => {
      const promote = (on) => api.setAdministrator(chatId, userId, id, on);
      const input = this.#switch(chat.administrators.includes(id), promote);
      return option(input, `${name} runs the group too`, "As an administrator");
    });
  }

  #anonymous() {
    const { store } = this;
    const onchange = ({ target }) => (store.anonymous = target.checked);
    const attributes = { type: "checkbox", role: "switch", checked: store.anonymous };
    const input = h("input", { ...attributes, onchange });
    return option(input, "Remain anonymous", "What you write comes from the group itself");
  }

  #newTopic() {
    this.#close();
    askForTopic(this.store, this.openTopic);
  }

  #migrate() {
    const { chatId, userId } = this.store;
    this.#close();
    return this.#act(() => api.migrate(chatId, userId));
  }

  #switch(checked, change) {
    const onchange = ({ target }) => this.#act(() => change(target.checked));
    return h("input", { type: "checkbox", role: "switch", checked, onchange });
  }

  #leave() {
    const { chatId, userId } = this.store;
    this.#close();
    return this.#act(() => api.leave(chatId, userId));
  }

  /** At once: what opens next must be the only sheet. */
  #close() {
    this.sheet.close();
    this.sheet.remove();
  }

  async #act(work) {
    try {
      await work();
      await this.store.refresh();
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      toast(error.message, "trouble");
    }
  }
}

function section(title, ...parts) {
  return h("section", { class: "sheet-section" }, h("h3", {}, title), ...parts);
}

function option(input, name, words) {
  const lines = h("span", {}, h("b", {}, name), h("small", {}, words));
  return h("label", { class: "option" }, lines, input);
}

function action(sign, label, onclick) {
  return h("button", { class: "menu-item", type: "button", onclick }, icon(sign), label);
}
