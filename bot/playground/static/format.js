/** Times, sizes and names as people write them. */

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });
const fullDate = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

const DAY_MS = 86_400_000;

/** `seconds`: unix time. */
export function timeOf(seconds) {
  return clock.format(new Date(seconds * 1000));
}

/** A key that is the same for two moments of one local day. */
export function dayKey(seconds) {
  return new Date(seconds * 1000).toDateString();
}

export function dayName(seconds, now = new Date()) {
  const date = new Date(seconds * 1000);
  if (date.toDateString() === now.toDateString()) return "Today";
  const yesterday = new Date(now.getTime() - DAY_MS);
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  const thisYear = date.getFullYear() === now.getFullYear();
  return (thisYear ? dayAndMonth : fullDate).format(date);
}

export function bytes(count) {
  if (count < 1000) return `${count} B`;
  if (count < 1_000_000) return `${Math.round(count / 1000)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}

const KIND_NAMES = {
  animation: "GIF",
  location: "Location",
  photo: "Photo",
  sticker: "Sticker",
  video: "Video",
  voice: "Voice message",
};

/** One line that stands for a whole message, in lists and quotes. */
export function summary(message) {
  const words = (message.text ?? "").replace(/\s+/g, " ").trim();
  if (words) return words;
  return message.document?.name ?? KIND_NAMES[message.kind] ?? "Message";
}

export function kindName(kind) {
  return KIND_NAMES[kind] ?? kind;
}

export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}
