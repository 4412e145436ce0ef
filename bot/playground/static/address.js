/** The place in the page's address, so that a reload or a link comes back to it. */

/** `#/<user>/<chat>` as numbers; null where the address does not say. */
export function placeInAddress() {
  const found = /^#\/(-?\d+)\/(-?\d+)$/.exec(location.hash);
  return {
    userId: found ? Number(found[1]) : null,
    chatId: found ? Number(found[2]) : null,
  };
}

export function writeAddress({ userId, chatId }) {
  history.replaceState(null, "", `#/${userId}/${chatId}`);
}
