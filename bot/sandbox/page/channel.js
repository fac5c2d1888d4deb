/** A channel's pane: its head, its messages, its composer; and the thread beside it. */
import { composer } from "./composer.js";
import { h } from "./dom.js";
import { post } from "./api.js";
import { icon } from "./icons.js";
import { messageList, withNotices } from "./messages.js";
import { closeThread } from "./route.js";
import { channel, currentChannel, state } from "./state.js";
import { refreshAll } from "./sync.js";

/** The whole pane of the current channel. */
export function channelPane() {
  const one = currentChannel();
  if (!one)
    return h(
      "main",
      { class: "pane", key: "none" },
      h("div", { class: "empty" }, h("p", null, "This channel is not available to you.")),
    );
  return h(
    "main",
    { class: "pane", key: "channel", "aria-label": `Channel ${one.name}` },
    h(
      "header",
      { class: "pane-head" },
      icon(one.is_private ? "lock" : "hash"),
      h("h2", { class: "pane-title", dir: "auto" }, one.name),
      one.topic && h("span", { class: "topic", dir: "auto" }, one.topic),
    ),
    h(
      "div",
      { class: "tabs", "aria-hidden": "true" },
      h("span", { class: "tab is-current" }, icon("message", 16), "Messages"),
    ),
    channelBody(one),
  );
}

/** Messages and composer, for a channel or the direct messages with the app. */
export function channelBody(one) {
  const messages = state.messages.get(one.id);
  return h(
    "div",
    { class: "channel-body", key: `body-${one.id}` },
    h(
      "div",
      {
        class: "scroll stick",
        key: "list",
        "data-list": one.id,
        role: "log",
        "aria-label": one.is_im ? `Messages with ${state.app.name}` : `Messages in ${one.name}`,
        tabindex: "0",
      },
      h("div", { class: "scroll-space" }),
      messages ? intro(one) : h("div", { class: "loading" }, h("span", { class: "spinner" })),
      messages && messageList(withNotices(messages, one.id), { list: one.id, channel: one.id }),
    ),
    foot(one),
  );
}

function intro(one) {
  if (one.is_im)
    return h(
      "div",
      { class: "intro", key: "intro" },
      h("p", null, `This is the very beginning of your direct messages with ${state.app.name}.`),
    );
  return h(
    "div",
    { class: "intro", key: "intro" },
    h("h3", { class: "intro-title" }, icon(one.is_private ? "lock" : "hash", 26), one.name),
    h(
      "p",
      null,
      `This is the very beginning of the ${one.name} ${one.is_private ? "private " : ""}channel.`,
      one.topic && ` ${one.topic}`,
    ),
  );
}

function foot(one) {
  if (one.is_archived)
    return h("div", { class: "notice-bar" }, "You are viewing an archived channel.");
  if (!one.member && !one.is_im) return joinBar(one);
  const label = one.is_im ? `Message ${state.app.name}` : `Message #${one.name}`;
  return composer({ label, where: { channel: one.id } });
}

function joinBar(one) {
  const join = async () => {
    await post("membership", { channel: one.id, user: state.me, member: true });
    refreshAll();
  };
  return h(
    "div",
    { class: "notice-bar" },
    h("strong", null, `#${one.name}`),
    h("button", { class: "button button-primary", type: "button", onclick: join }, "Join Channel"),
  );
}

/** The thread's pane, or nothing. */
export function threadPane() {
  const { thread } = state;
  if (!thread) return null;
  const one = channel(thread.channel);
  const [root, ...replies] = withNotices(state.threadMessages, thread.channel, thread.ts);
  const where = { list: `thread-${thread.ts}`, channel: thread.channel, isThread: true };
  const count = replies.filter((message) => !message.ephemeral).length;
  return h(
    "aside",
    { class: "thread", key: `thread-${thread.ts}`, "aria-label": "Thread" },
    h(
      "header",
      { class: "pane-head" },
      h("h2", { class: "pane-title" }, "Thread"),
      h("span", { class: "topic" }, one?.is_im ? state.app.name : one && `# ${one.name}`),
      h(
        "button",
        {
          class: "icon-button",
          type: "button",
          "aria-label": "Close thread",
          onclick: closeThread,
        },
        icon("close"),
      ),
    ),
    h(
      "div",
      {
        class: "thread-scroll scroll stick",
        "data-list": `thread-${thread.ts}`,
        role: "log",
        "aria-label": "Thread messages",
        tabindex: "0",
      },
      root && messageList([root], { ...where, list: `${where.list}-root` }),
      count
        ? h(
            "div",
            { class: "reply-divider", key: "divider" },
            h("span", null, `${count} ${count === 1 ? "reply" : "replies"}`),
          )
        : null,
      messageList(replies, where),
    ),
    one &&
      !one.is_archived &&
      composer({
        label: "Reply to thread",
        placeholder: "Reply…",
        where: { channel: thread.channel, thread_ts: thread.ts },
      }),
  );
}
