/** What the page knows: filled by sync.js, read by everything that draws. */

export const state = {
  team: { id: "", name: "" },
  app: { name: "" },
  people: [],
  groups: [],
  channels: [],
  commands: [],
  /** Those on messages: {name, callback_id, description}. */
  shortcuts: [],
  me: "",
  /** {kind: "channel", channel} or {kind: "app", tab: "home" | "messages" | "about"} */
  place: { kind: "app", tab: "home" },
  /** The open thread: {channel, ts} or null. */
  thread: null,
  /** Messages by channel id; undefined until they are read. */
  messages: new Map(),
  threadMessages: [],
  views: [],
  home: null,
  /** What Slackbot said to this person alone: {channel, thread_ts, message}. */
  notices: [],
  /** The open question before an action, see confirm.js. */
  confirm: null,
  isConnected: true,
  isSidebarOpen: false,
};

const listeners = [];
const versions = new Map();
let total = 0;
let isScheduled = false;

/** Draw again, once, after the current task's changes. */
export function changed(surface = null) {
  if (surface !== null) {
    versions.set(surface, versionOf(surface) + 1);
    total += 1;
  }
  if (isScheduled) return;
  isScheduled = true;
  queueMicrotask(() => {
    isScheduled = false;
    listeners.forEach((draw) => draw());
  });
}

export function onChange(draw) {
  listeners.push(draw);
}

/** Counts the local changes of one message or view, so that an unchanged one is not drawn again. */
export function versionOf(surface) {
  return versions.get(surface) ?? 0;
}

/** Counts the local changes of all of them. */
export function totalVersion() {
  return total;
}

export function person(id) {
  return state.people.find((one) => one.id === id);
}

export function group(id) {
  return state.groups.find((one) => one.id === id);
}

export function channel(id) {
  return state.channels.find((one) => one.id === id);
}

/** The direct messages of this person with the app, if the workspace has them. */
export function appChannel() {
  return state.channels.find((one) => one.is_im);
}

/** The channel whose messages are on the screen, or null. */
export function currentChannel() {
  if (state.place.kind === "channel") return channel(state.place.channel) ?? null;
  return state.place.tab === "messages" ? (appChannel() ?? null) : null;
}

const SLACKBOT = { id: "USLACKBOT", name: "Slackbot", is_bot: true };

/** Let Slackbot say something that only this person sees, until the page is left. */
export function sayAsSlackbot({ channel: channelId, thread_ts: threadTs = null, text }) {
  const ts = (Date.now() / 1000).toFixed(6);
  const message = {
    type: "message",
    user: SLACKBOT.id,
    text,
    ts,
    ephemeral: true,
    author: SLACKBOT,
  };
  state.notices.push({ channel: channelId, thread_ts: threadTs, message });
  changed();
}
