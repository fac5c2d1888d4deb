/** The rail and the sidebar: the workspace, its channels, the app, and who is using this tab. */
import { appIcon, avatar } from "./avatar.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popover.js";
import { becomePerson, openApp, openChannel } from "./route.js";
import { appChannel, changed, person, state } from "./state.js";
import { isDark, toggleTheme } from "./theme.js";

function initialsOf(name) {
  return name
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => [...word][0].toUpperCase())
    .join("");
}

/** The narrow rail at the left edge. */
export function rail() {
  const isHome = state.place.kind === "channel";
  const theme = isDark() ? ["sun", "Switch to light theme"] : ["moon", "Switch to dark theme"];
  return h(
    "nav",
    { class: "rail", key: "rail", "aria-label": "Workspace" },
    h("div", { class: "team-icon", "aria-hidden": "true" }, initialsOf(state.team.name)),
    railButton("home", "Home", isHome, () => openChannel(homeChannel())),
    railButton("message", "DMs", !isHome && state.place.tab === "messages", () =>
      openApp("messages"),
    ),
    railButton("apps", "Apps", !isHome && state.place.tab !== "messages", () => openApp("home")),
    h("div", { class: "rail-space" }),
    h(
      "button",
      {
        class: "rail-tool",
        type: "button",
        "aria-label": theme[1],
        title: theme[1],
        onclick: toggleTheme,
      },
      icon(theme[0]),
    ),
    whoAmI(),
  );
}

function homeChannel() {
  const own = state.channels.filter((one) => one.member && !one.is_im);
  return (own.find((one) => one.is_private) ?? own[0])?.id;
}

function railButton(name, label, isCurrent, onclick) {
  return h(
    "button",
    { class: isCurrent ? "rail-button is-current" : "rail-button", type: "button", onclick },
    h("span", { class: "rail-icon" }, icon(name)),
    h("span", { class: "rail-label" }, label),
  );
}

function whoAmI() {
  const me = person(state.me);
  if (!me) return null;
  const label = `You are ${me.real_name}. Switch person`;
  return h(
    "button",
    {
      class: "me",
      type: "button",
      "aria-label": label,
      title: label,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: (event) =>
        openMenu(event.currentTarget, peopleItems(), {
          label: "Switch person",
          header: "Use this tab as",
        }),
    },
    avatar(me, 36),
    h("span", { class: "presence" }),
  );
}

function peopleItems() {
  const people = state.people.filter((one) => !one.is_bot && !one.deleted);
  return people.map((one) => ({
    label: one.real_name,
    detail: one.title,
    lead: avatar(one, 28),
    checked: one.id === state.me,
    choose: () => becomePerson(one.id),
  }));
}

/** The list of channels, direct messages and apps. */
export function sidebar() {
  const channels = state.channels.filter((one) => !one.is_im);
  const direct = appChannel();
  return h(
    "nav",
    {
      class: state.isSidebarOpen ? "sidebar is-open" : "sidebar",
      key: "sidebar",
      "aria-label": "Channels and direct messages",
    },
    h("header", { class: "sidebar-head" }, h("h1", { class: "team-name" }, state.team.name)),
    h(
      "div",
      { class: "sidebar-scroll" },
      group("Channels", channels.map(channelRow)),
      direct && group("Direct messages", [directRow(direct)]),
      group("Apps", [appRow()]),
    ),
  );
}

function group(title, rows) {
  return h(
    "section",
    { class: "side-group", "aria-label": title },
    h("h2", { class: "side-title" }, icon("chevron", 14), title),
    rows,
  );
}

function row({ key, name, lead, isCurrent, unread = 0, label, open, tail = null }) {
  return h(
    "button",
    {
      class: `side-row${isCurrent ? " is-current" : ""}${unread && !isCurrent ? " is-unread" : ""}`,
      type: "button",
      key,
      "aria-label": unread && !isCurrent ? `${label}, ${unread} unread` : label,
      "aria-current": isCurrent ? "page" : null,
      onclick: open,
    },
    h("span", { class: "side-lead" }, lead),
    h("span", { class: "side-name", dir: "auto" }, name),
    tail,
    unread && !isCurrent ? h("span", { class: "unread" }, unread > 99 ? "99+" : unread) : null,
  );
}

function channelRow(one) {
  return row({
    key: one.id,
    name: one.name,
    label: one.name,
    lead: icon(one.is_private ? "lock" : "hash", 18),
    unread: one.unread,
    isCurrent: state.place.kind === "channel" && state.place.channel === one.id,
    open: () => openChannel(one.id),
  });
}

function directRow(one) {
  return row({
    key: one.id,
    name: state.app.name,
    label: `Direct messages with ${state.app.name}`,
    lead: appIcon(20),
    unread: one.unread,
    isCurrent: state.place.kind === "app" && state.place.tab === "messages",
    open: () => openApp("messages"),
    tail: h("span", { class: "badge" }, "APP"),
  });
}

function appRow() {
  return row({
    key: "app",
    name: state.app.name,
    label: `${state.app.name} app`,
    lead: appIcon(20),
    isCurrent: state.place.kind === "app" && state.place.tab !== "messages",
    open: () => openApp("home"),
  });
}

/** The bar over everything: the sidebar's switch on narrow windows and the workspace's name. */
export function topBar() {
  const toggle = () => {
    state.isSidebarOpen = !state.isSidebarOpen;
    changed();
  };
  return h(
    "header",
    { class: "top-bar", key: "top" },
    h(
      "button",
      {
        class: "icon-button sidebar-toggle",
        type: "button",
        "aria-label": "Show channels",
        "aria-expanded": state.isSidebarOpen,
        onclick: toggle,
      },
      icon("menu"),
    ),
    h("div", { class: "top-name" }, icon("search", 16), state.team.name),
    state.isConnected ? null : h("div", { class: "offline", role: "status" }, "Connecting…"),
  );
}
