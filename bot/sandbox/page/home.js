/** The app's own place: Home, Messages and About. */
import { appIcon } from "./avatar.js";
import { blockNodes } from "./blocks.js";
import { channelBody } from "./channel.js";
import { h } from "./dom.js";
import { openApp } from "./route.js";
import { appChannel, state } from "./state.js";
import { keepFields } from "./values.js";

const TABS = [
  ["home", "Home"],
  ["messages", "Messages"],
  ["about", "About"],
];

/** The whole pane. */
export function appPane() {
  const { tab } = state.place;
  return h(
    "main",
    { class: "pane", key: "app", "aria-label": state.app.name },
    h(
      "header",
      { class: "pane-head" },
      appIcon(24),
      h("h2", { class: "pane-title" }, state.app.name),
    ),
    h(
      "div",
      { class: "tabs", role: "tablist", "aria-label": state.app.name, onkeydown: onTabKey },
      TABS.map(([name, label]) => tabButton(name, label, tab)),
    ),
    h(
      "div",
      { class: "tab-panel", key: tab, role: "tabpanel", "aria-labelledby": `tab-${tab}` },
      PANELS[tab](),
    ),
  );
}

function tabButton(name, label, current) {
  return h(
    "button",
    {
      class: "tab",
      id: `tab-${name}`,
      key: name,
      type: "button",
      role: "tab",
      "aria-selected": name === current,
      tabindex: name === current ? "0" : "-1",
      onclick: () => openApp(name),
    },
    label,
  );
}

function onTabKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = TABS.findIndex(([name]) => name === state.place.tab);
  const [name] = TABS[(at + step + TABS.length) % TABS.length];
  openApp(name);
  queueMicrotask(() => document.getElementById(`tab-${name}`)?.focus());
}

function homePanel() {
  const view = state.home;
  if (!view) {
    return h(
      "div",
      { class: "empty" },
      appIcon(64),
      h("h3", null, "This is a work in progress"),
      h("p", null, `${state.app.name} hasn’t published anything on this tab yet.`),
    );
  }
  keepFields(view.id, view.blocks);
  const surface = { id: view.id, kind: "home", state: view.state, address: { view_id: view.id } };
  return h(
    "div",
    { class: "scroll" },
    h("div", { class: "home-view blocks" }, blockNodes(view.blocks, surface)),
  );
}

function messagesPanel() {
  const direct = appChannel();
  return direct
    ? channelBody(direct)
    : h("div", { class: "empty" }, h("p", null, "There are no messages yet."));
}

function aboutPanel() {
  return h(
    "div",
    { class: "empty about" },
    appIcon(64),
    h("h3", null, state.app.name),
    h(
      "dl",
      null,
      state.commands.map((one) => [
        h("dt", null, one.command, " ", h("span", { class: "offer-usage" }, one.usage_hint)),
        h("dd", null, one.description),
      ]),
      state.shortcuts.map((one) => [
        h("dt", null, one.name, " ", h("span", { class: "offer-usage" }, "on a message")),
        h("dd", null, one.description),
      ]),
    ),
  );
}

const PANELS = { home: homePanel, messages: messagesPanel, about: aboutPanel };
