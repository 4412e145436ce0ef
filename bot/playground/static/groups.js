/** From a list of messages to what stands in the conversation: days and bubbles. */

import { dayKey, dayName } from "./format.js";

const TOGETHER_S = 300;

/**
 * Entries in order: `{key, note}` for a day or something that happened, otherwise
 * `{key, messages, own, first, last, named}`, where `first` and `last` say where a run of
 * one sender's bubbles begins and ends.
 */
export function entriesOf(messages, userId, isGroup) {
  const bubbles = [];
  for (const message of messages) {
    const previous = bubbles.at(-1);
    if (previous && sameAlbum(previous.messages[0], message)) previous.messages.push(message);
    else bubbles.push(bubbleOf(message, userId, isGroup));
  }
  bubbles.forEach((bubble, at) => {
    bubble.first = !together(bubbles[at - 1], bubble);
    bubble.last = !together(bubble, bubbles[at + 1]);
  });
  return withDays(bubbles);
}

function sameAlbum(one, other) {
  return one.media_group_id !== null && one.media_group_id === other.media_group_id;
}

function bubbleOf(message, userId, isGroup) {
  const own = message.from.id === userId;
  const album = message.media_group_id;
  const key = album === null ? `m${message.message_id}` : `a${album}`;
  const note = message.kind === "service" ? message.text : null;
  return { key, messages: [message], own, named: isGroup && !own, note };
}

function together(one, other) {
  if (!one || !other || one.note || other.note) return false;
  const [a, b] = [one.messages.at(-1), other.messages[0]];
  const close = b.date - a.date < TOGETHER_S && dayKey(a.date) === dayKey(b.date);
  return a.from.id === b.from.id && close && !a.keyboard?.length;
}

function withDays(bubbles) {
  const entries = [];
  let day = null;
  for (const bubble of bubbles) {
    const { date } = bubble.messages[0];
    if (dayKey(date) !== day) {
      day = dayKey(date);
      entries.push({ key: `d${day}`, note: dayName(date) });
    }
    entries.push(bubble);
  }
  return entries;
}
