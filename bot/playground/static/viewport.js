/** Keeps the page as high as what is seen: iOS lays its keyboard over the page. */

export function followViewport() {
  const seen = window.visualViewport;
  if (!seen) return;
  seen.addEventListener("resize", () => {
    // Zooming in with two fingers shrinks the view as well.
    if (seen.scale > 1.01) return;
    document.body.style.height = `${seen.height}px`;
    scrollTo(0, 0);
  });
}
