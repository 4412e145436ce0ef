/** An album: pictures in justified rows. */

import { arrange, h } from "./dom.js";
import { PhotoFrame } from "./photo.js";

/** How many pictures stand in each row, by the number of pictures. */
const ROWS = {
  1: [1],
  2: [2],
  3: [1, 2],
  4: [2, 2],
  5: [2, 3],
  6: [3, 3],
  7: [2, 2, 3],
  8: [2, 3, 3],
  9: [3, 3, 3],
  10: [2, 2, 3, 3],
};

export class Album {
  #frames = new Map();

  constructor(actions) {
    this.actions = actions;
    this.node = h("div", { class: "album" });
  }

  show(messages) {
    const tiles = messages.map((message) => this.#tile(message));
    let at = 0;
    const rows = (ROWS[tiles.length] ?? [tiles.length]).map((count, index) => {
      const row = this.node.children[index] ?? h("div", { class: "album-row" });
      arrange(row, tiles.slice(at, (at += count)));
      return row;
    });
    arrange(this.node, rows);
    this.#forget(messages);
  }

  #tile(message) {
    const known = this.#frames.get(message.message_id);
    const frame = known ?? new PhotoFrame(this.actions.openPicture);
    this.#frames.set(message.message_id, frame);
    frame.show(message.photo);
    // In a row, widths in proportion to the ratios make equal heights.
    const { width, height } = message.photo;
    const ratio = Math.min(Math.max(width / height, 0.6), 1.9);
    frame.node.style.aspectRatio = ratio.toFixed(4);
    frame.node.style.flexGrow = ratio.toFixed(4);
    return frame.node;
  }

  #forget(messages) {
    const present = new Set(messages.map((message) => message.message_id));
    for (const id of this.#frames.keys()) if (!present.has(id)) this.#frames.delete(id);
  }
}
