/** Copying words, also where the page is not served from this machine. */

import { h } from "./dom.js";
import { toast } from "./toasts.js";

export async function copyText(text) {
  if (await copied(text)) toast("Copied.");
  else toast("The browser does not let this page copy.", "trouble");
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Only a page from this machine or over https has a clipboard.
    return copiedTheOldWay(text);
  }
}

function copiedTheOldWay(text) {
  const area = h("textarea", { readonly: true, class: "unseen" });
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
