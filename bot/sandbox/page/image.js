/** Pictures, which the page only fetches from its own server. */
import { h } from "./dom.js";

/** Only pictures of the sandbox itself are fetched; for any other one its description stands. */
export function image(block) {
  const { origin } = window.location;
  const address = URL.canParse(block.image_url ?? "", origin)
    ? new URL(block.image_url, origin)
    : null;
  const isOwn = address !== null && (address.origin === origin || address.protocol === "data:");
  if (isOwn) return h("img", { src: address.href, alt: block.alt_text });
  return h(
    "span",
    { class: "image-text", role: "img", "aria-label": block.alt_text, title: block.alt_text },
    block.alt_text,
  );
}
