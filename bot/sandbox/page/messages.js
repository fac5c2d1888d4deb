/** Messages as a channel or a thread lists them: grouped by author, divided by day, each with its blocks. */
import { avatar } from "./avatar.js";
import { blockNodes } from "./blocks.js";
import { dayAndTimeOf, dayKey, dayOf, fromTs, timeOf } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { openThread } from "./route.js";
import { person, state, totalVersion, versionOf } from "./state.js";
import { toolbar } from "./toolbar.js";
import { keepFields } from "./values.js";

const GROUP_S = 300;
const lists = new Map();
const drawn = new Map();
const texts = new WeakMap();

/** What Slackbot said here, put among the messages by time. */
export function withNotices(messages, channelId, threadTs = null) {
  const notices = state.notices.filter(
    (one) => one.channel === channelId && one.thread_ts === threadTs,
  );
  if (!notices.length) return messages;
  return [...messages, ...notices.map((one) => one.message)].sort(
    (a, b) => Number(a.ts) - Number(b.ts),
  );
}

/**
 * A list of messages; `list` names it, so that an unchanged list, and in a changed one an unchanged
 * message, is not drawn again.
 */
export function messageList(messages, where) {
  const names = [state.me, state.people, state.channels.length, totalVersion()];
  const sign = [...messages, ...names];
  const last = lists.get(where.list);
  if (last?.sign.length === sign.length && last.sign.every((part, index) => part === sign[index]))
    return last.node;
  const node = h("div", { class: "message-list", key: where.list }, messageNodes(messages, where));
  lists.set(where.list, { sign, node });
  return node;
}

function messageNodes(messages, { list, channel, isThread = false }) {
  let previous = null;
  return messages.flatMap((message) => {
    const isNewDay =
      !isThread && (!previous || dayKey(fromTs(previous.ts)) !== dayKey(fromTs(message.ts)));
    const isCompact = !isNewDay && continues(previous, message);
    previous = message;
    const node = remembered(message, { list, channel, isThread, isCompact });
    return isNewDay ? [dayDivider(message), node] : [node];
  });
}

function continues(previous, message) {
  return (
    previous !== null &&
    authorOf(previous).id === authorOf(message).id &&
    !previous.reply_count &&
    Boolean(previous.ephemeral) === Boolean(message.ephemeral) &&
    !message.ephemeral &&
    Number(message.ts) - Number(previous.ts) < GROUP_S
  );
}

function authorOf(message) {
  return (
    message.author ?? {
      id: message.user ?? message.bot_id ?? "",
      name: message.username ?? "",
      is_bot: Boolean(message.bot_id),
    }
  );
}

function dayDivider(message) {
  const day = dayOf(fromTs(message.ts));
  return h(
    "div",
    { class: "day", key: `day-${message.ts}`, role: "separator", "aria-label": day },
    h("span", { class: "day-name" }, day),
  );
}

function surfaceOf(message, channel) {
  return {
    id: `${channel}:${message.ts}:${message.edited?.ts ?? ""}`,
    kind: "message",
    state: message.state,
    address: { channel, ts: message.ts },
  };
}

function textOf(message) {
  if (!texts.has(message)) texts.set(message, JSON.stringify(message));
  return texts.get(message);
}

/** The last node of this message as long as nothing that it shows has changed. */
function remembered(message, where) {
  const surface = surfaceOf(message, where.channel);
  const names = `${state.me} ${state.people.length} ${state.channels.length}`;
  const sign = `${textOf(message)} ${where.isCompact} ${versionOf(surface.id)} ${names}`;
  const key = `${where.list} ${message.ts}`;
  const last = drawn.get(key);
  if (last?.sign === sign) return last.node;
  const node = messageNode(message, surface, where);
  drawn.set(key, { sign, node });
  return node;
}

function messageNode(message, surface, { channel, isThread, isCompact }) {
  keepFields(surface.id, message.blocks ?? []);
  const author = authorOf(message);
  const name = person(author.id)?.real_name || author.name;
  const date = fromTs(message.ts);
  const time = h(
    "time",
    { class: "time", title: dayAndTimeOf(date), datetime: date.toISOString() },
    timeOf(date),
  );
  return h(
    "article",
    {
      class: `message${isCompact ? " is-compact" : ""}${message.ephemeral ? " is-ephemeral" : ""}`,
      key: message.ts,
      "data-ts": message.ts,
      "aria-label": `${name}, ${timeOf(date)}`,
    },
    message.ephemeral && h("div", { class: "only-you" }, icon("eye", 16), "Only visible to you"),
    h(
      "div",
      { class: "message-row" },
      h("div", { class: "gutter" }, isCompact ? time : avatar(author)),
      h(
        "div",
        { class: "message-main" },
        isCompact
          ? null
          : h(
              "div",
              { class: "message-head" },
              h("span", { class: "author" }, name),
              badge(author),
              time,
            ),
        content(message, surface),
        !isThread && message.reply_count ? replyBar(message, channel) : null,
      ),
    ),
    toolbar(message, { channel, isThread }),
  );
}

function badge(author) {
  return author.is_bot && person(author.id) && h("span", { class: "badge" }, "APP");
}

function content(message, surface) {
  const edited = message.edited && h("span", { class: "edited" }, "(edited)");
  if (message.blocks?.length)
    return h("div", { class: "blocks" }, blockNodes(message.blocks, surface), edited);
  return h("div", { class: "message-text", dir: "auto" }, mrkdwn(message.text ?? ""), edited);
}

function replyBar(message, channel) {
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  const people = message.reply_users ?? [];
  return h(
    "button",
    {
      class: "reply-bar",
      type: "button",
      "aria-label": `${count}, view thread`,
      onclick: () => openThread(channel, message.ts),
    },
    h(
      "span",
      { class: "reply-people" },
      people.slice(0, 5).map((id) => avatar(person(id) ?? { id, name: "" }, 24)),
    ),
    h("span", { class: "reply-count" }, count),
    message.latest_reply &&
      h(
        "span",
        { class: "reply-last" },
        `Last reply ${dayAndTimeOf(fromTs(message.latest_reply))}`,
      ),
    h("span", { class: "reply-view" }, "View thread", icon("chevron", 16)),
  );
}
