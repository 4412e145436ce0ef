/** Where the conversation is scrolled: at its end, or left alone while one reads above. */

import { calm, h } from "./dom.js";
import { icon } from "./icons.js";

const NEAR_PX = 60;

export class Scroller {
  #pinned = true;
  #missed = 0;
  #top = 0;

  constructor(node, content) {
    this.node = node;
    this.button = document.querySelector("#to-bottom");
    this.badge = h("b", { class: "count", hidden: true });
    this.button.append(icon("down"), this.badge);
    this.button.addEventListener("click", () => this.toBottom());
    node.addEventListener("scroll", () => this.#look(), { passive: true });
    const resized = new ResizeObserver(() => this.#settle());
    resized.observe(content);
    resized.observe(node);
    this.#show();
  }

  get #distance() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight;
  }

  /** Only a move upwards lets go of the end: content that grew has not been scrolled. */
  #look() {
    const up = this.node.scrollTop < this.#top;
    this.#top = this.node.scrollTop;
    this.#pinned = this.#distance < NEAR_PX || (this.#pinned && !up);
    if (this.#pinned) this.#missed = 0;
    this.#show();
  }

  #settle() {
    if (this.#pinned) this.node.scrollTop = this.node.scrollHeight;
    this.#show();
  }

  #show() {
    this.button.hidden = this.#pinned;
    this.badge.hidden = this.#missed === 0;
    this.badge.textContent = this.#missed;
    const news = this.#missed ? `, ${this.#missed} new` : "";
    this.button.setAttribute("aria-label", `Scroll to the newest message${news}`);
  }

  /** A message came from somebody else. */
  count() {
    if (this.#pinned) return;
    this.#missed += 1;
    this.#show();
  }

  /** Stays at the end from now on. */
  follow() {
    this.#pinned = true;
    this.#settle();
  }

  toBottom(behavior = calm.matches ? "instant" : "smooth") {
    this.#missed = 0;
    if (behavior === "instant") this.#pinned = true;
    this.node.scrollTo({ top: this.node.scrollHeight, behavior });
    this.#show();
  }

  reveal(node) {
    node.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
  }
}
