/** What a person can do with a message: reply to it, or use one of the app's shortcuts on it. */
import { post } from "./api.js";
import { appIcon } from "./avatar.js";
import { h } from "./dom.js";
import { iconButton } from "./icons.js";
import { failureText } from "./interact.js";
import { openMenu } from "./popover.js";
import { openThread } from "./route.js";
import { sayAsSlackbot, state } from "./state.js";
import { refreshMessages, refreshThread, refreshViews } from "./sync.js";

/** The bar in the corner of a message, or nothing where there is nothing to do. */
export function toolbar(message, { channel, isThread }) {
  if (message.ephemeral) return null;
  const canUse = state.shortcuts.length && message.subtype !== "tombstone";
  const tools = [
    !isThread && iconButton("message", "Reply in thread", () => openThread(channel, message.ts)),
    canUse
      ? iconButton(
          "more",
          "More actions",
          (event) => openShortcuts(event.currentTarget, message, channel),
          { "aria-haspopup": "menu", "aria-expanded": "false" },
        )
      : null,
  ].filter(Boolean);
  return tools.length ? h("div", { class: "toolbar" }, tools) : null;
}

function openShortcuts(anchor, message, channel) {
  const items = state.shortcuts.map((shortcut) => ({
    label: shortcut.name,
    detail: state.app.name,
    title: shortcut.description,
    lead: appIcon(20),
    choose: () => use(shortcut, message, channel),
  }));
  openMenu(anchor, items, { label: "More actions", header: "Connect to apps" });
}

async function use(shortcut, message, channel) {
  const answer = await post("shortcut", {
    user: state.me,
    channel,
    ts: message.ts,
    callback_id: shortcut.callback_id,
  });
  if (answer.ok === false) {
    const isReply = message.thread_ts && message.thread_ts !== message.ts;
    const thread_ts = isReply ? message.thread_ts : null;
    sayAsSlackbot({ channel, thread_ts, text: failureText(answer.error) });
  }
  await Promise.all([refreshViews(), refreshMessages(), refreshThread()]);
}
