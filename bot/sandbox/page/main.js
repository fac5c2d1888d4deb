/** Starts the page: reads the workspace, then draws it again after every change. */
import { channelPane, threadPane } from "./channel.js";
import { confirmDialog } from "./confirm.js";
import { h, render } from "./dom.js";
import { appPane } from "./home.js";
import { modal, settleFocus } from "./modal.js";
import {
  becomePerson,
  closeThread,
  followLink,
  messageAt,
  openMessage,
  rememberedPerson,
  watchAddress,
} from "./route.js";
import { rail, sidebar, topBar } from "./sidebar.js";
import { currentChannel, onChange, state } from "./state.js";
import { followEvents, loadWorkspace } from "./sync.js";
import { followTheme } from "./theme.js";

const NEAR_END_PX = 60;
const root = document.getElementById("app");
const layers = document.getElementById("layers");

/** Lists that stand at their end now: they are to stay there, and a new one starts there. */
function listsNotAtEnd() {
  const lists = [...document.querySelectorAll(".stick")];
  return new Set(
    lists
      .filter((list) => list.scrollHeight - list.scrollTop - list.clientHeight > NEAR_END_PX)
      .map((list) => list.dataset.list),
  );
}

function scrollToEnd(apartFrom) {
  for (const list of document.querySelectorAll(".stick")) {
    if (!apartFrom.has(list.dataset.list)) list.scrollTop = list.scrollHeight;
  }
}

function draw() {
  if (!state.me) return;
  const scrolledBack = listsNotAtEnd();
  const isApp = state.place.kind === "app";
  render(root, [
    topBar(),
    rail(),
    sidebar(),
    h("div", { class: "panes", key: "panes" }, isApp ? appPane() : channelPane(), threadPane()),
  ]);
  render(layers, [modal(), confirmDialog()]);
  scrollToEnd(scrolledBack);
  settleFocus();
  document.title = `${isApp ? state.app.name : (currentChannel()?.name ?? "")} - ${state.team.name}`;
}

/** A link to one of this workspace's own messages opens it here, unless another tab is asked for. */
function onLink(event) {
  const link = event.target.closest("a[href]");
  const place = link && !event.ctrlKey && !event.metaKey && messageAt(link.href);
  if (!place) return;
  event.preventDefault();
  openMessage(place);
}

async function start() {
  followTheme();
  followLink();
  await loadWorkspace();
  const people = state.people.filter((one) => !one.is_bot && !one.deleted);
  const last = people.find((one) => one.id === rememberedPerson());
  onChange(draw);
  watchAddress();
  document.addEventListener("click", onLink);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && state.thread && !state.views.length)
      closeThread();
  });
  if (!people.length) return;
  await becomePerson((last ?? people[0]).id);
  followEvents();
}

start();
