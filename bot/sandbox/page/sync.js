/** Keeps the state in step with the workspace: reads again whatever an event says has changed. */
import { get, listen, post } from "./api.js";
import { changed, currentChannel, state } from "./state.js";

/** At most one read at a time; a change during a read makes one more. */
function coalesced(read) {
  let running = null;
  let again = false;
  return () => {
    if (running) {
      again = true;
      return running;
    }
    const run = async () => {
      do {
        again = false;
        await read();
      } while (again);
    };
    running = run().finally(() => {
      running = null;
      changed();
    });
    return running;
  };
}

export const refreshChannels = coalesced(async () => {
  const { channels } = await get("channels", { user: state.me });
  if (channels) state.channels = channels.filter((one) => one.member || !one.is_private);
});

export const refreshMessages = coalesced(async () => {
  const place = currentChannel();
  if (!place) return;
  const { messages } = await get("messages", { user: state.me, channel: place.id });
  if (messages) state.messages.set(place.id, messages);
});

export const refreshThread = coalesced(async () => {
  const thread = state.thread;
  if (!thread) return;
  const { messages } = await get("thread", {
    user: state.me,
    channel: thread.channel,
    ts: thread.ts,
  });
  if (messages && state.thread === thread) state.threadMessages = messages;
});

export const refreshViews = coalesced(async () => {
  const { views } = await get("modals", { user: state.me });
  if (views) state.views = views;
});

export const refreshHome = coalesced(async () => {
  const answer = await get("home", { user: state.me });
  if ("view" in answer) state.home = answer.view;
});

async function refreshChat() {
  await Promise.all([refreshMessages(), refreshThread()]);
  await refreshChannels();
}

/** Read everything: at the start and whenever the connection is back. */
export async function refreshAll() {
  await refreshChannels();
  await Promise.all([refreshMessages(), refreshThread(), refreshViews(), refreshHome()]);
}

/** Tell the app that its Home tab was opened, which is when it publishes it. */
export async function openHome() {
  await post("home", { user: state.me });
  await refreshHome();
}

function takePeople(answer) {
  state.people = answer.people ?? [];
  state.groups = answer.groups ?? [];
}

const refreshPeople = coalesced(async () => takePeople(await get("people")));

const REFRESH = {
  message: refreshChat,
  channel: refreshAll,
  modal: refreshViews,
  home: refreshHome,
  people: refreshPeople,
  reset: refreshAll,
};

export async function loadWorkspace() {
  const [people, commands, shortcuts] = await Promise.all([
    get("people"),
    get("commands"),
    get("shortcuts"),
  ]);
  state.team = people.team ?? state.team;
  state.app = people.app ?? state.app;
  takePeople(people);
  state.commands = commands.commands ?? [];
  state.shortcuts = shortcuts.shortcuts ?? [];
}

export function followEvents() {
  listen({
    onOpen: () => {
      state.isConnected = true;
      refreshAll();
    },
    onLost: () => {
      state.isConnected = false;
      changed();
    },
    // An event with a person's id changes only what that person sees.
    onEvent: ({ type, user = state.me }) => user === state.me && REFRESH[type]?.(),
  });
}
