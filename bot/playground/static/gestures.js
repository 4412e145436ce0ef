/** What fingers do to a bubble: a swipe to the left answers it, holding it opens its menu. */

const SWIPE_PX = 56;
const FURTHEST_PX = 84;
const SLACK_PX = 10;
const HOLD_MS = 480;
const AFTER_MS = 350;

/** `onSwipe()` and `onHold({x, y})`; `node` follows the finger sideways. */
export function listenForTouch(node, { onSwipe, onHold }) {
  let from = null;
  let timer = 0;
  let way = 0;
  let held = false;

  const end = () => {
    clearTimeout(timer);
    from = null;
    way = 0;
    node.style.translate = "";
    node.classList.remove("swiping");
  };
  const hold = () => {
    const at = from;
    end();
    held = true;
    onHold(at);
  };
  node.addEventListener("pointerdown", ({ pointerType, clientX: x, clientY: y }) => {
    if (pointerType === "mouse") return;
    from = { x, y };
    held = false;
    timer = setTimeout(hold, HOLD_MS);
  });
  node.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (from === null) return;
    const [dx, dy] = [clientX - from.x, clientY - from.y];
    if (Math.hypot(dx, dy) > SLACK_PX) clearTimeout(timer);
    if (!node.classList.contains("swiping") && Math.abs(dy) > SLACK_PX) return end();
    if (dx > -SLACK_PX) return;
    node.classList.add("swiping");
    way = Math.max(dx, -FURTHEST_PX);
    node.style.translate = `${way}px`;
  });
  node.addEventListener("pointerup", ({ clientX, clientY }) => {
    const swiped = way < -SWIPE_PX;
    if (way || held) swallowClick(clientX, clientY);
    end();
    if (swiped) onSwipe();
  });
  node.addEventListener("pointercancel", end);
}

/** The click that ends a gesture is not meant for what lies below the finger by now. */
function swallowClick(x, y) {
  const swallow = (event) => {
    if (Math.hypot(event.clientX - x, event.clientY - y) > SLACK_PX) return;
    event.stopPropagation();
    event.preventDefault();
  };
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), AFTER_MS);
}
