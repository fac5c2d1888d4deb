/** What stands where the page does not know how to draw something. */
import { h } from "./dom.js";

export function unsupported(kind, type) {
  return h("div", { class: "unsupported" }, `Unsupported ${kind}: ${type}`);
}
