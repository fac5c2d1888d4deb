/** Pictures of people without pictures: initials on their colour, a sign for the app. */
import { h } from "./dom.js";
import { person } from "./state.js";

function initials(name) {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""]
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}

function colour(value) {
  if (!value) return "#6b5a7a";
  return value.startsWith("#") ? value : `#${value}`;
}

/**
 * The avatar of an author ({id, name, is_bot}), decorative: the name always stands beside it. A bot
 * that is nobody in the workspace is Slackbot.
 */
export function avatar(author, size = 36) {
  const known = person(author.id);
  const style = { "--size": `${size}px` };
  if (author.is_bot && !known)
    return h("span", { class: "avatar avatar-slackbot", style, "aria-hidden": "true" }, robot());
  if (author.is_bot || known?.is_bot) return appIcon(size);
  style.background = colour(known?.color);
  return h(
    "span",
    { class: "avatar", style, "aria-hidden": "true" },
    initials(known?.real_name ?? author.name ?? "?"),
  );
}

/** The app's sign: a parcel that comes back. */
export function appIcon(size = 36) {
  return h(
    "span",
    { class: "avatar avatar-app", style: { "--size": `${size}px` }, "aria-hidden": "true" },
    h(
      "svg",
      { class: "icon", viewBox: "0 0 20 20", width: size * 0.62, height: size * 0.62 },
      h("path", { d: "M4.5 8.5a6 6 0 1 1 .3 4M4.2 4.5v4.2h4.2M7.5 10.2l2 2 3.8-4" }),
    ),
  );
}

function robot() {
  return h(
    "svg",
    { class: "icon", viewBox: "0 0 20 20", width: "62%", height: "62%" },
    h("path", {
      d: "M4.5 7.5h11v8h-11zM10 7.5v-3M7.8 11v.5M12.2 11v.5M2.5 10.5v2.5M17.5 10.5v2.5",
    }),
  );
}
