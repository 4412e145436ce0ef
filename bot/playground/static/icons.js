/** Line icons on a 24 × 24 grid, and buttons that show nothing else. */

import { h } from "./dom.js";

const PATHS = {
  add: "M12 5v14M5 12h14",
  alert: "M12 8v5M12 16.5v.1M12 3.5 21 19.5H3z",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  dots: "M11 5.5h2M11 12h2M11 18.5h2",
  down: "M6 10l6 6 6-6",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  file: "M7 3.5h7l4 4V20.5H7zM14 3.5v4h4",
  forward: "M14 6l6 6-6 6M19.5 12H10c-4 0-6 2-6 6",
  group:
    "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c0-4 3-5.5 6-5.5s6 1.5 6 5.5" +
    "M16 5.5a3 3 0 0 1 0 5.5M17.5 13.8c2 .6 3.5 2.2 3.5 5.2",
  link: "M9 15l7-7M10 8h6v6",
  next: "M9 5l7 7-7 7",
  pencil: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9.5v.1",
  play: "M8 5.5v13l10.5-6.5z",
  reply: "M10 6l-6 6 6 6M4.5 12H14c4 0 6 2 6 6",
  samples: "M4 7h10v10H4zM17.5 9l3 1-3 9-8-2",
  send: "M5 12l-1-8 17 8-17 8zM5 12h8",
  share: "M12 15V4M8 8l4-4 4 4M5 13v7h14v-7",
  slash: "M5 4.5h14v15H5zM13.5 8.5l-3 7",
  topic: "M9 4L7 20M17 4l-2 16M4 9h16M4 15h16",
  trash: "M5 7h14M9 7V4.5h6V7M7 7l1 13h8l1-13",
};

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon; `label` is what it is called. */
export function iconButton(sign, label, onclick, classes = "round") {
  const attributes = { class: classes, type: "button", "aria-label": label, onclick };
  return h("button", attributes, icon(sign));
}
