/** Slack's message markup and text objects as nodes; what comes from a server is never parsed as HTML. */
import { formatDate } from "./dates.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { channel, group, person, state } from "./state.js";

const SAFE_LINK = /^(https?:\/\/|mailto:|tel:)/i;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
/** One alternative for each inline form; the styles need a word's edge on both sides. */
const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>\\n]+)>",
    ":(?<emoji>[a-z0-9_+-]+):",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
  ].join("|"),
  "g",
);

function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}

/** Text without markup in which shortcodes become emoji, e.g. a plain_text object's. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) ?? whole);
}

/** The plain characters of a text object, for labels and names. */
export function plain(text) {
  if (!text) return "";
  if (typeof text === "string") return text;
  return text.emoji === false ? text.text : withEmoji(text.text);
}

/** A text object of either type as nodes. */
export function textNodes(text) {
  if (!text) return [];
  return text.type === "mrkdwn" ? mrkdwn(text.text) : lines(plain(text));
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

/** A whole mrkdwn text: code blocks, quotes, lists and lines. */
export function mrkdwn(text) {
  return text.split(/```\n?([\s\S]*?)```\n?/g).flatMap((part, index) => {
    if (index % 2) return [h("pre", { class: "code-block" }, unescape(part.replace(/\n$/, "")))];
    return part ? paragraphs(part) : [];
  });
}

const QUOTE = /^(?:&gt;|>) ?(?!&gt;)/;
const BULLET = /^\s*[•◦-] /;
const NUMBER = /^\s*\d+\. /;

function kindOf(line) {
  if (QUOTE.test(line)) return QUOTE;
  if (BULLET.test(line)) return BULLET;
  return NUMBER.test(line) ? NUMBER : null;
}

function paragraphs(text) {
  const groups = [];
  for (const line of text.split("\n")) {
    const kind = kindOf(line);
    const last = groups.at(-1);
    if (last && last.kind === kind) last.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups.flatMap((group) => paragraph(group));
}

function paragraph({ kind, lines: rows }) {
  const content = (row) => inline(kind ? row.replace(kind, "") : row);
  if (kind === QUOTE) return h("blockquote", null, withBreaks(rows.map(content)));
  if (kind === BULLET)
    return h(
      "ul",
      null,
      rows.map((row) => h("li", null, content(row))),
    );
  if (kind === NUMBER) {
    const start = Number.parseInt(rows[0].trim(), 10);
    return h(
      "ol",
      { start },
      rows.map((row) => h("li", null, content(row))),
    );
  }
  return h("div", { class: "lines" }, withBreaks(rows.map(content)));
}

function withBreaks(rows) {
  return rows.flatMap((row, index) => (index ? [h("br"), ...row] : row));
}

/** The inline forms of one line. */
function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) nodes.push(unescape(text.slice(end, match.index)));
    nodes.push(inlineNode(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) nodes.push(unescape(text.slice(end)));
  return nodes;
}

function inlineNode({ 0: whole, groups }) {
  if (groups.code !== undefined) return h("code", null, unescape(groups.code));
  if (groups.angle !== undefined) return angle(groups.angle);
  if (groups.emoji !== undefined) return emojiNode(groups.emoji) ?? whole;
  if (groups.bold !== undefined) return h("strong", null, inline(groups.bold));
  if (groups.italic !== undefined) return h("em", null, inline(groups.italic));
  return h("s", null, inline(groups.strike));
}

function emojiNode(name) {
  const character = emoji(name);
  return character && h("span", { class: "emoji", title: `:${name}:` }, character);
}

/** What stands between < and >: a mention, a date or a link; anything else stays as it was typed. */
function angle(content) {
  const [target, label] = split(content, "|");
  if (/^@[UW]\w+$/.test(target)) return mentionPerson(target.slice(1), label);
  if (/^#[CDG]\w+$/.test(target)) return mentionChannel(target.slice(1), label);
  if (/^!date\^/.test(target)) return dateNode(target, label);
  if (/^!subteam\^S\w+$/.test(target)) return mentionGroup(target.slice(9), label);
  const special = /^!(here|channel|everyone)$/.exec(target);
  if (special) return mentionAll(special[1]);
  if (SAFE_LINK.test(unescape(target))) return link(unescape(target), label ? inline(label) : null);
  return `<${unescape(content)}>`;
}

function split(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function mentionPerson(id, label = null) {
  const name = person(id)?.real_name ?? (label && unescape(label)) ?? id;
  return h("span", { class: id === state.me ? "mention mention-me" : "mention" }, `@${name}`);
}

function mentionChannel(id, label = null) {
  const found = channel(id);
  const name = found?.name ?? (label && unescape(label)) ?? "private-channel";
  if (!found) return h("span", { class: "mention" }, `#${name}`);
  return h("a", { class: "mention", href: `#/${id}` }, `#${name}`);
}

function mentionGroup(id, label) {
  const found = group(id);
  const name = found ? `@${found.handle}` : label ? unescape(label) : "@group";
  const isMine = found?.users.includes(state.me);
  return h("span", { class: isMine ? "mention mention-me" : "mention" }, name);
}

function mentionAll(name) {
  return h("span", { class: "mention mention-me" }, `@${name}`);
}

/** A link out of the workspace, or only its text when the address is of no safe kind. */
export function link(address, content = null) {
  if (!SAFE_LINK.test(address)) return h("span", null, content ?? address);
  return h(
    "a",
    { href: address, target: "_blank", rel: "noopener noreferrer" },
    content ?? address,
  );
}

function dateNode(target, fallback) {
  const [, timestamp, pattern, address] = target.split("^");
  const text = formatDate(timestamp, unescape(pattern ?? "")) ?? unescape(fallback ?? "");
  return address ? link(unescape(address), text) : h("time", { class: "date" }, text);
}
