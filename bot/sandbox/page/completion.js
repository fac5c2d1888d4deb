/** What the composer offers while somebody types: slash commands at the start, people after an @. */
import { appIcon, avatar } from "./avatar.js";
import { h } from "./dom.js";
import { state } from "./state.js";

/** The offers for a text up to the caret: {kind, items: [{id, text, ...}]}, or null. */
export function offersFor(text) {
  const slash = /^\/(\S*)$/.exec(text);
  if (slash)
    return some(
      "commands",
      state.commands.filter((one) => one.command.startsWith(`/${slash[1]}`)),
    );
  const at = /(?:^|\s)@([^@\s]*(?: [^@\s]*)?)$/.exec(text);
  if (!at) return null;
  const wanted = at[1].toLowerCase();
  const found = state.people.filter((one) => one.real_name.toLowerCase().startsWith(wanted));
  // A name that is complete needs no offer: Enter sends the message.
  return some(
    "people",
    found.filter((one) => one.real_name.toLowerCase() !== wanted),
  );
}

function some(kind, items) {
  return items.length ? { kind, items } : null;
}

/** The text after an offer was taken. */
export function completed(text, { kind }, item) {
  if (kind === "commands") return `${item.command} `;
  return `${text.replace(/@[^@]*$/, "")}@${item.real_name} `;
}

/** The command whose arguments are being typed, for its usage hint. */
export function commandBeingTyped(text) {
  const match = /^(\/\S+)\s/.exec(text);
  return match ? (state.commands.find((one) => one.command === match[1]) ?? null) : null;
}

/** The list above the composer. */
export function offersList({ id, offers, active, take, moveTo }) {
  const title = offers.kind === "commands" ? state.app.name : "People";
  return h(
    "div",
    {
      class: "offers",
      id,
      role: "listbox",
      "aria-label": offers.kind === "commands" ? "Commands" : "People",
    },
    h("div", { class: "offers-title", role: "presentation" }, title),
    offers.items.map((item, index) =>
      h(
        "div",
        {
          class: index === active ? "offer is-active" : "offer",
          id: `${id}-${index}`,
          key: item.command ?? item.id,
          role: "option",
          "aria-selected": index === active,
          onmousedown: (event) => event.preventDefault(),
          onmousemove: () => index === active || moveTo(index),
          onclick: () => take(item),
        },
        offers.kind === "commands" ? commandRow(item) : personRow(item),
      ),
    ),
  );
}

function commandRow({ command, usage_hint: usage, description }) {
  return [
    appIcon(36),
    h(
      "div",
      { class: "offer-main" },
      h("div", null, h("strong", null, command), " ", h("span", { class: "offer-usage" }, usage)),
      h("div", { class: "offer-detail" }, description),
    ),
    h("span", { class: "offer-app" }, state.app.name),
  ];
}

function personRow(one) {
  return [
    avatar(one, 24),
    h("strong", { dir: "auto" }, one.real_name),
    h("span", { class: "offer-detail" }, one.title),
  ];
}

/** The line that reminds of a command's arguments. */
export function usageHint({ command, usage_hint: usage, description }) {
  return h(
    "div",
    { class: "offers offers-hint" },
    h("strong", null, command),
    " ",
    h("span", { class: "offer-usage" }, usage),
    h("span", { class: "offer-detail" }, description),
  );
}
