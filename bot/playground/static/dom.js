/** Building DOM from values, so that no text is ever parsed as markup. */

/** An element; `onclick`-like attributes are listeners, `null` and `false` are left out. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== false));
  return node;
}

/** A place in the page whose content is rebuilt only when its `key` changes. */
export class Slot {
  #key = "";

  constructor(name) {
    this.node = h("div", { class: name });
  }

  /** Shows what `build()` returns (null: nothing); true when something changed. */
  show(data, build) {
    const key = data === null ? "" : JSON.stringify(data);
    if (key === this.#key) return false;
    this.#key = key;
    const content = data === null ? null : build(data);
    this.node.replaceChildren(...(content === null ? [] : [content].flat()));
    return true;
  }
}

/** Puts `nodes` into `parent` in this order, moving only those that are misplaced. */
export function arrange(parent, nodes) {
  let expected = parent.firstChild;
  for (const node of nodes) {
    if (node === expected) expected = expected.nextSibling;
    else parent.insertBefore(node, expected);
  }
  while (expected) {
    const next = expected.nextSibling;
    expected.remove();
    expected = next;
  }
}

export const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Fades a node in; resolves when it is fully there. */
export async function fadeIn(node, duration = 380, from = 0) {
  if (calm.matches || !node.isConnected) return;
  const animation = node.animate([{ opacity: from }, { opacity: 1 }], {
    duration,
    easing: "ease-out",
  });
  // A node removed meanwhile cancels its animation, which rejects `finished`.
  await animation.finished.catch(() => undefined);
}
