/** Pictures that are dropped on the chat or pasted into it. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** `add(files, asFile)` takes what is dropped. */
export class DropZone {
  constructor(add) {
    this.add = add;
    this.node = document.querySelector("#drop");
    this.node.append(
      this.#target(false, "picture", "Drop as photos", "Shown in the chat, quick to send"),
      this.#target(true, "file", "Drop as files", "Unchanged, in full quality"),
    );
    const chat = document.querySelector("#chat");
    chat.addEventListener("dragenter", (event) => this.#enter(event));
    chat.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
    chat.addEventListener("dragleave", (event) => {
      if (!chat.contains(event.relatedTarget)) this.#close();
    });
    chat.addEventListener("drop", (event) => this.#drop(event));
    // A file dropped beside the chat must not replace the page.
    for (const type of ["dragover", "drop"]) {
      addEventListener(type, (event) => hasFiles(event) && event.preventDefault());
    }
  }

  #target(asFile, sign, title, words) {
    const node = h(
      "div",
      { class: "drop-target", dataset: { asFile: asFile ? "1" : "" } },
      icon(sign),
      h("b", {}, title),
      h("span", {}, words),
    );
    node.addEventListener("dragenter", () => node.classList.add("over"));
    node.addEventListener("dragleave", (event) => {
      if (!node.contains(event.relatedTarget)) node.classList.remove("over");
    });
    return node;
  }

  #enter(event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.node.hidden = false;
  }

  #close() {
    this.node.hidden = true;
    this.node.querySelectorAll(".over").forEach((node) => node.classList.remove("over"));
  }

  #drop(event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    const target = event.target.closest?.(".drop-target");
    this.#close();
    const pictures = files.every((file) => file.type.startsWith("image/"));
    if (files.length) this.add(files, target ? target.dataset.asFile === "1" : !pictures);
  }
}

/** Takes pictures from the clipboard wherever the page has the focus. */
export function listenForPaste(add) {
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    add(files, false);
  });
}
