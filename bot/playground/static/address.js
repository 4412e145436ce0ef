/** The place in the page's address, so that a reload or a link comes back to it. */

/** `#/<user>/<chat>` or `#/<user>/<chat>/<topic>`; null where the address does not say. */
export function placeInAddress() {
  const found = /^#\/(-?\d+)\/(-?\d+)(?:\/(\d+))?$/.exec(location.hash);
  const [userId = null, chatId = null, topicId = null] = found?.slice(1) ?? [];
  const number = (digits) => (digits === null ? null : Number(digits));
  return { userId: number(userId), chatId: number(chatId), topicId: number(topicId) };
}

export function writeAddress({ userId, chatId, topicId }) {
  const topic = topicId === null ? "" : `/${topicId}`;
  history.replaceState(null, "", `#/${userId}/${chatId}${topic}`);
}
