/** The sample photo and the sample painting, one click away. */

import * as api from "./api.js";
import { h } from "./dom.js";
import { shapesOf } from "./attachments.js";
import { toast } from "./toasts.js";

export const SAMPLES = [
  { name: "content.jpg", label: "Photo" },
  { name: "style.jpg", label: "Painting" },
];

/** Sends the named samples to the open chat, two of them as an album. */
export async function sendSamples(store, names, replyTo = null) {
  try {
    const files = await Promise.all(names.map((name) => api.sample(name)));
    await store.send({ files, replyTo, shapes: await shapesOf(files) });
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    toast(error.message, "trouble");
  }
}

function sampleButton({ name, label }, send) {
  const image = h("img", { src: `/samples/${name}`, alt: "", loading: "lazy" });
  const says = `Send the sample ${label.toLowerCase()}`;
  return h(
    "button",
    { class: "sample", type: "button", "aria-label": says, onclick: () => send([name]) },
    image,
    h("span", {}, label),
  );
}

/** A card with both pictures and one button that sends both. */
export function samplesCard(send) {
  const both = SAMPLES.map(({ name }) => name);
  return h(
    "section",
    { class: "samples", "aria-label": "Sample pictures" },
    h("h3", {}, "Try the samples"),
    h("div", { class: "samples-pair" }, ...SAMPLES.map((sample) => sampleButton(sample, send))),
    h(
      "button",
      { class: "primary samples-both", type: "button", onclick: () => send(both) },
      "Send both",
    ),
  );
}

/** A row above the composer, until this user has sent a picture in the open chat. */
export class SampleTray {
  constructor(store, send) {
    this.store = store;
    const both = SAMPLES.map(({ name }) => name);
    this.node = h(
      "section",
      { class: "tray", "aria-label": "Sample pictures", hidden: true },
      h("span", {}, "Try the samples"),
      ...SAMPLES.map((sample) => sampleButton(sample, send)),
      h("button", { class: "primary", type: "button", onclick: () => send(both) }, "Send both"),
    );
    for (const type of ["place", "messages"]) {
      store.addEventListener(type, () => this.#render());
    }
  }

  #render() {
    const { store } = this;
    const own = store.messages().filter(({ from }) => from.id === store.userId);
    this.node.hidden = store.isGroup || own.some(({ kind }) => kind !== "text");
  }
}
