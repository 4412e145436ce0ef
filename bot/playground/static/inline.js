/** Inline mode: `@bot query` in the text field shows what the bot can send here. */

import * as api from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { resultTile } from "./inline_results.js";
import { toast } from "./toasts.js";

const PAUSE_MS = 250;
const NEAR_PX = 160;

export class InlinePanel {
  #query = null;
  #timer = 0;
  #answer = null;
  #offset = "";
  #loading = false;

  /** `start(payload)` opens the private chat; `done()` is called when a result is sent. */
  constructor(store, field, { start, done }) {
    this.store = store;
    this.field = field;
    this.start = start;
    this.done = done;
    this.above = h("div", { class: "inline-above" });
    this.grid = h("div", { class: "inline-grid", role: "listbox", "aria-label": "Results" });
    this.note = h("p", { class: "inline-note", role: "status" });
    const attributes = { class: "inline", "aria-label": "From the bot", hidden: true };
    this.node = h("section", attributes, this.above, this.grid, this.note);
    this.node.addEventListener("scroll", () => this.#look(), { passive: true });
    this.node.addEventListener("keydown", (event) => this.#move(event));
  }

  /** Shows what fits the text in the field; nothing when it is not `possible`. */
  update(possible) {
    const query = possible ? this.#typed() : null;
    if (query === this.#query) return;
    this.#query = query;
    clearTimeout(this.#timer);
    if (query === null) return this.#close();
    this.node.hidden = false;
    this.node.setAttribute("aria-busy", "true");
    this.#timer = setTimeout(() => this.#ask(""), PAUSE_MS);
  }

  /** What stands behind the bot's name; null when the field begins otherwise. */
  #typed() {
    const { username } = this.store.world.bot;
    const name = `@${username} `;
    const { value } = this.field;
    return username && value.toLowerCase().startsWith(name.toLowerCase())
      ? value.slice(name.length)
      : null;
  }

  #close() {
    this.node.hidden = true;
    this.#answer = null;
    this.#offset = "";
    this.note.textContent = "";
    this.above.replaceChildren();
    this.grid.replaceChildren();
  }

  async #ask(offset) {
    const query = this.#query;
    this.#loading = true;
    let answer = null;
    try {
      answer = await api.inlineQuery(this.store, query.trim(), offset);
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      if (query === this.#query) this.note.textContent = error.message;
    } finally {
      this.#loading = false;
    }
    if (query !== this.#query) return;
    this.node.removeAttribute("aria-busy");
    if (answer) this.#show(answer, offset);
  }

  #show(answer, offset) {
    this.#answer = answer;
    this.#offset = answer.next_offset ?? "";
    const tiles = answer.results.map((result) => this.#tile(result, answer.query_id));
    if (offset) this.grid.append(...tiles);
    else {
      this.grid.replaceChildren(...tiles);
      this.above.replaceChildren(...this.#startButton(answer.button));
      this.node.scrollTop = 0;
    }
    const found = answer.answered ? "Nothing found." : "The bot does not answer.";
    this.note.textContent = this.grid.childElementCount ? "" : found;
    this.#look();
  }

  #tile(result, queryId) {
    return resultTile(result, () => this.#choose(queryId, result));
  }

  #startButton(button) {
    if (!button) return [];
    const onclick = () => {
      this.done();
      this.start(button.start_parameter ?? "");
    };
    const attributes = { class: "inline-start", type: "button", onclick };
    return [h("button", attributes, h("span", {}, button.text), icon("next"))];
  }

  async #choose(queryId, result) {
    try {
      await api.chooseResult(queryId, this.store, result.id);
      this.done();
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      toast(`Not sent. ${error.message}`, "trouble");
    }
  }

  /** Near the end the next page is asked for. */
  #look() {
    const left = this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight;
    if (this.#offset && !this.#loading && !this.node.hidden && left < NEAR_PX) {
      this.#ask(this.#offset);
    }
  }

  /** Handles a key typed in the field; true when it was meant for the open results. */
  key(event) {
    if (this.node.hidden) return false;
    if (event.key === "Escape") this.done();
    else if (event.key === "ArrowUp" || event.key === "Tab") this.#focus(0);
    else return false;
    event.preventDefault();
    return true;
  }

  #focus(at) {
    const tiles = [...this.node.querySelectorAll("button")];
    (tiles[at] ?? this.field).focus();
  }

  #move(event) {
    const tiles = [...this.node.querySelectorAll("button")];
    const at = tiles.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.field.focus();
    else if (step) this.#focus(Math.max(at + step, 0));
    else return;
    event.preventDefault();
  }
}
