/** The people one can be, and what language their Telegram speaks. */

import * as api from "./api.js";
import { avatar } from "./avatars.js";
import { h } from "./dom.js";
import { iconButton } from "./icons.js";
import { askBySheet, field, textInput } from "./sheets.js";
import { toast } from "./toasts.js";

const LANGUAGES = [
  ["en", "English"],
  ["es", "Español"],
  ["pt-br", "Português (Brasil)"],
  ["pt", "Português"],
  ["de", "Deutsch"],
  ["fr", "Français"],
  ["ru", "Русский"],
  ["zh-hans", "简体中文"],
  ["it", "Italiano"],
];

export class People {
  /** `go({userId})` becomes somebody else. */
  constructor(store, go) {
    this.store = store;
    this.go = go;
    this.list = h("div", { class: "people", role: "group", "aria-label": "You are" });
    this.language = languageSelect({ class: "language", onchange: () => this.#speak() });
    const label = h("label", { class: "speaks" }, h("span", {}, "Telegram in"), this.language);
    this.node = h("div", {}, this.list, label);
    store.addEventListener("world", () => this.#render());
  }

  #render() {
    const { world, user } = this.store;
    const people = world.users.map((one) => this.#person(one));
    const add = iconButton("add", "Add a person", () => this.#add(), "round small");
    this.list.replaceChildren(...people, add);
    this.list.querySelector("[aria-pressed=true]").scrollIntoView({ inline: "nearest" });
    this.language.value = user.language ?? "en";
  }

  #person(user) {
    const attributes = {
      class: "person",
      type: "button",
      "aria-pressed": String(user.id === this.store.userId),
      onclick: () => this.go({ userId: user.id }),
      dataset: { userId: user.id },
    };
    return h("button", attributes, avatar(user), h("span", {}, user.name));
  }

  async #speak() {
    try {
      await api.setLanguage(this.store.userId, this.language.value);
      await this.store.refresh();
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      toast(error.message, "trouble");
    }
  }

  #add() {
    const name = field("Name", textInput("name", { maxlength: 40, placeholder: "Carla" }));
    const language = field("Telegram in", languageSelect({ class: "input", name: "language" }));
    askBySheet("A further person", [name, language], "Add", async (values) => {
      const { id } = await api.addUser(values);
      // The private chat with somebody has that person's id.
      this.go({ userId: id, chatId: id });
    });
  }
}

function languageSelect(attributes) {
  const options = LANGUAGES.map(([value, name]) => h("option", { value }, name));
  return h("select", attributes, ...options);
}
