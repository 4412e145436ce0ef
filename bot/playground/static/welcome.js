/** What an empty chat says. */

import { h } from "./dom.js";

const INVITATION =
  "Send a photo and a painting. The photo comes back in the manner of the painting.";

/** A greeting for the open chat; its button speaks through `conversation`. */
export function welcome(store, conversation) {
  const { bot } = store.world;
  return store.isGroup ? groupWelcome(store, conversation) : privateWelcome(bot, conversation);
}

function card(...content) {
  return h("section", { class: "welcome", "aria-label": "Welcome" }, ...content);
}

function privateWelcome(bot, conversation) {
  return card(
    h("img", { class: "welcome-mark", src: "/static/mark.svg", alt: "" }),
    h("h2", {}, bot.name),
    h("p", {}, INVITATION),
    h(
      "button",
      { class: "primary start", type: "button", onclick: () => conversation.say("/start") },
      "Start",
    ),
  );
}

function groupWelcome({ chat, world: { bot } }, conversation) {
  const command = `/start@${bot.username}`;
  return card(
    h("img", { class: "welcome-mark", src: "/static/mark.svg", alt: "" }),
    h("h2", {}, chat.title),
    h("p", {}, `Here ${bot.name} reads only commands, mentions and replies to it.`),
    h(
      "button",
      { class: "primary start", type: "button", onclick: () => conversation.say(command) },
      "Say hello",
    ),
  );
}
