/** The server's events for one user, resumed after the last one seen. */

import * as api from "./api.js";

const FIRST_DELAY_MS = 400;
const LONGEST_DELAY_MS = 5_000;

export class Stream {
  #source = null;
  #timer = 0;
  #delay = FIRST_DELAY_MS;
  #userId = null;
  #seq = 0;

  /** `onLost` is called when the server's log is not the one we know. */
  constructor({ onEvent, onState, onLost }) {
    this.onEvent = onEvent;
    this.onState = onState;
    this.onLost = onLost;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => this.#hurry());
  }

  start(userId, seq) {
    this.stop();
    this.#userId = userId;
    this.#seq = seq;
    this.#open();
  }

  stop() {
    this.#userId = null;
    this.#close();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#source?.close();
    this.#source = null;
  }

  #open() {
    const source = new EventSource(api.eventsUrl(this.#userId, this.#seq));
    this.#source = source;
    source.onopen = () => {
      this.#delay = FIRST_DELAY_MS;
      this.onState("online");
    };
    source.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    // The built-in retry would ask for the first address again and replay everything.
    source.onerror = () => this.#retryLater();
  }

  #receive(event) {
    if (event.seq <= this.#seq) return;
    this.#seq = event.seq;
    this.onEvent(event);
  }

  #retryLater() {
    this.#close();
    this.onState("offline");
    this.#timer = setTimeout(() => this.#reopen(), this.#delay);
    this.#delay = Math.min(this.#delay * 1.7, LONGEST_DELAY_MS);
  }

  async #reopen() {
    const userId = this.#userId;
    let known;
    try {
      known = await api.world();
    } catch {
      if (userId === this.#userId && !this.#source) this.#retryLater();
      return;
    }
    if (userId !== this.#userId || this.#source) return;
    if (known.seq < this.#seq) this.onLost();
    else this.#open();
  }

  #hurry() {
    if (!this.#timer || document.hidden) return;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#reopen();
  }
}
