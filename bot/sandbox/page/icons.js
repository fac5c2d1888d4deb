/** Line icons on a grid of 20, drawn in the colour of the text around them. */
import { h } from "./dom.js";

const PATHS = {
  add: "M10 4v12M4 10h12",
  apps: "M4 4h4.5v4.5H4zM11.5 4H16v4.5h-4.5zM4 11.5h4.5V16H4zM13.75 11.5v4.5M11.5 13.75H16",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zm0 0v1.2a2 2 0 0 0 4 0V10a7 7 0 1 0-2.8 5.6",
  back: "M12.5 4.5 7 10l5.5 5.5",
  bold: "M6 4h5a3 3 0 0 1 0 6H6zm0 6h6a3 3 0 0 1 0 6H6z",
  calendar: "M4 5.5h12V16H4zM4 8.5h12M7 3.5v3M13 3.5v3",
  check: "m4.5 10.5 3.5 3.5 7.5-8",
  chevron: "m5.5 8 4.5 4.5L14.5 8",
  close: "m5 5 10 10M15 5 5 15",
  code: "m7 6-4 4 4 4M13 6l4 4-4 4",
  error: "M10 6v5M10 13.5v.5M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
  hash: "M8 3.5 6.5 16.5M13.5 3.5 12 16.5M4 7.5h12.5M3.5 12.5H16",
  home: "M3.5 9 10 3.5 16.5 9v7.5h-4.5v-5H8v5H3.5z",
  info: "M10 9v5M10 6v.5M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z",
  italic: "M8.5 4H14M6 16h5.5M11.5 4 8.5 16",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  menu: "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
  message: "M3.5 4h13v9.5H9L5.5 16.5v-3h-2z",
  moon: "M16 11.5A6.5 6.5 0 1 1 8.5 4a5.2 5.2 0 0 0 7.5 7.5z",
  more: "M10 5v.01M10 10v.01M10 15v.01",
  open: "M8 4.5H4.5v11h11V12M11 4h5v5M16 4l-7 7",
  search: "M13 8.5a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zm-1.2 3.3L16 16",
  send: "M3.5 16.5 17 10 3.5 3.5 5 9l6 1-6 1z",
  slash:
    "M5 3.5h10q1.5 0 1.5 1.5v10q0 1.5-1.5 1.5H5q-1.5 0-1.5-1.5V5q0-1.5 1.5-1.5zM11.8 6.5l-3.6 7",
  strike:
    "M3.5 10h13M14 6.5C13.5 5 12 4 10 4 7.5 4 6 5.2 6 7c0 1 .5 1.7 1.2 2.2M6 13.5c.5 1.5 2 2.5 4 2.5 2.5 0 4-1.2 4-3 0-.5-.1-.9-.3-1.2",
  success: "m6.5 10.5 2.5 2.5 5-5.5M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z",
  sun: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM10 2.5v2M10 15.5v2M2.5 10h2M15.5 10h2M4.7 4.7l1.4 1.4M13.9 13.9l1.4 1.4M4.7 15.3l1.4-1.4M13.9 6.1l1.4-1.4",
  warning: "M10 3 18 16.5H2zM10 8v4M10 14v.5",
};

/** A button that shows an icon and says its label. */
export function iconButton(name, label, onclick, extra = {}) {
  return h(
    "button",
    { class: "icon-button", type: "button", "aria-label": label, title: label, onclick, ...extra },
    icon(name, 18),
  );
}

/** A decorative icon; whatever holds it needs a name of its own. */
export function icon(name, size = 20) {
  return h(
    "svg",
    {
      class: `icon icon-${name}`,
      viewBox: "0 0 20 20",
      width: size,
      height: size,
      "aria-hidden": "true",
    },
    h("path", { d: PATHS[name] }),
  );
}
