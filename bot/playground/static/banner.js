/** The playground's notice above everything; closing it only hides it here. */

import { h } from "./dom.js";
import { icon, iconButton } from "./icons.js";

export class Banner {
  #closed = null;

  constructor(store) {
    this.store = store;
    this.node = document.querySelector("#banner");
    store.addEventListener("notice", () => this.#render());
  }

  #render() {
    const { notice } = this.store.world;
    this.node.hidden = !notice || notice === this.#closed;
    if (this.node.hidden) return this.node.replaceChildren();
    const close = () => {
      this.#closed = notice;
      this.#render();
    };
    return this.node.replaceChildren(
      icon("alert"),
      h("p", {}, ...withCode(notice)),
      iconButton("close", "Hide this notice", close, "round small"),
    );
  }
}

/** Words between backticks are commands. */
function withCode(text) {
  return text.split("`").map((part, at) => (at % 2 ? h("code", {}, part) : part));
}
