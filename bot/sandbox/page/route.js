/** Where this tab is, kept in its address: ?user=U1#/C1/1700000000.000100 or #/app/home. */
import { post } from "./api.js";
import { changed, currentChannel, state } from "./state.js";
import {
  openHome,
  refreshAll,
  refreshChannels,
  refreshMessages,
  refreshThread,
  refreshViews,
} from "./sync.js";

function hashOf() {
  if (state.place.kind === "app") return `#/app/${state.place.tab}`;
  return `#/${state.place.channel}${state.thread ? `/${state.thread.ts}` : ""}`;
}

function remember() {
  const address = `${window.location.pathname}?user=${encodeURIComponent(state.me)}${hashOf()}`;
  if (address !== window.location.pathname + window.location.search + window.location.hash) {
    window.history.pushState(null, "", address);
  }
}

/** Whom this tab, or else the last one, was used as, if anybody. */
export function rememberedPerson() {
  return (
    new URLSearchParams(window.location.search).get("user") ??
    window.sessionStorage.getItem("user") ??
    window.localStorage.getItem("user")
  );
}

export async function becomePerson(id) {
  state.me = id;
  window.sessionStorage.setItem("user", id);
  window.localStorage.setItem("user", id);
  Object.assign(state, {
    channels: [],
    views: [],
    home: null,
    thread: null,
    threadMessages: [],
    notices: [],
    confirm: null,
  });
  state.messages.clear();
  await refreshChannels();
  followAddress();
  // A place this person cannot see is left, and its thread with it.
  if (state.place.kind === "channel" && !currentChannel())
    Object.assign(state, { place: firstPlace(), thread: null });
  remember();
  if (state.place.kind === "app" && state.place.tab === "home") openHome();
  await refreshAll();
}

function firstPlace() {
  const own = state.channels.filter((one) => one.member && !one.is_im);
  const first = own.find((one) => one.is_private) ?? own[0];
  return first ? { kind: "channel", channel: first.id } : { kind: "app", tab: "home" };
}

/** Go where the address says, e.g. after Back; an address without a place leaves the first channel. */
function followAddress() {
  const [, place, detail] = window.location.hash.split("/");
  state.thread = null;
  if (place === "app")
    state.place = { kind: "app", tab: ["messages", "about"].includes(detail) ? detail : "home" };
  else state.place = place ? { kind: "channel", channel: place } : firstPlace();
  if (place && place !== "app" && detail) state.thread = { channel: place, ts: detail };
  changed();
}

export function openChannel(id) {
  Object.assign(state, {
    place: { kind: "channel", channel: id },
    thread: null,
    isSidebarOpen: false,
  });
  remember();
  changed();
  refreshMessages().then(refreshChannels);
}

/** Open one of the app's tabs. */
export function openApp(tab) {
  Object.assign(state, { place: { kind: "app", tab }, thread: null, isSidebarOpen: false });
  remember();
  changed();
  if (tab === "home") openHome();
  if (tab === "messages") refreshMessages().then(refreshChannels);
}

export function openThread(channel, ts) {
  state.thread = { channel, ts };
  state.threadMessages = (state.messages.get(channel) ?? []).filter((message) => message.ts === ts);
  remember();
  changed();
  refreshThread();
}

/** Follow the link to a message of this workspace: out of any modal, to its channel and thread. */
export function openMessage({ channel, ts }) {
  const view = state.views.at(-1);
  if (view) post("close", { user: state.me, view_id: view.id, all: true }).then(refreshViews);
  Object.assign(state, { place: { kind: "channel", channel }, isSidebarOpen: false });
  openThread(channel, ts);
  refreshMessages().then(refreshChannels);
}

/** The message that a link leads to, {channel, ts}, or null: a reply is shown below its root. */
export function messageAt(url) {
  const { origin, pathname, searchParams } = new URL(url);
  const [, channel, before, after] = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(pathname) ?? [];
  if (origin !== window.location.origin || !channel) return null;
  return { channel, ts: searchParams.get("thread_ts") ?? `${before}.${after}` };
}

/** Such a link opened in a tab of its own arrives as ?channel=C1&ts=1&thread_ts=1. */
export function followLink() {
  const query = new URLSearchParams(window.location.search);
  if (!query.has("channel")) return;
  const place = `#/${query.get("channel")}/${query.get("thread_ts") ?? query.get("ts")}`;
  window.history.replaceState(null, "", window.location.pathname + place);
}

export function closeThread() {
  state.thread = null;
  remember();
  changed();
}

/** Follow Back, Forward and links such as a channel mention's. */
export function watchAddress() {
  const follow = () => {
    followAddress();
    if (state.place.kind === "app" && state.place.tab === "home") openHome();
    refreshMessages();
    refreshThread();
  };
  window.addEventListener("popstate", follow);
}
