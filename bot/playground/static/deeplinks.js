/** Links to the bot itself, which lead into the private chat with it. */

/** The payload of `https://t.me/<username>?start=…`; null for any other address. */
export function startPayload(href, username) {
  if (!URL.canParse(href)) return null;
  const { protocol, hostname, pathname, searchParams } = new URL(href);
  const named = `/${username}`.toLowerCase();
  const web = /^https?:$/.test(protocol) && /^(t|telegram)\.me$/.test(hostname);
  if (!web || pathname.toLowerCase() !== named) return null;
  return searchParams.get("start") ?? "";
}

/** Follows such links here, wherever in the page they are; others are left alone. */
export function followDeepLinks(store, follow) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const payload = link && startPayload(link.href, store.world.bot.username);
    if (typeof payload !== "string") return;
    event.preventDefault();
    follow(payload);
  });
}
