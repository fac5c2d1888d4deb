/** Where people write: one composer for a channel, one for a thread. */
import { commandBeingTyped, completed, offersFor, offersList, usageHint } from "./completion.js";
import { h } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { send } from "./send.js";
import { changed } from "./state.js";

/** Unsent texts by composer: {text, active, hasMoved, isHidden}. */
const drafts = new Map();

const FORMATS = [
  ["bold", "Bold", "*"],
  ["italic", "Italic", "_"],
  ["strike", "Strikethrough", "~"],
  ["code", "Code", "`"],
];

function draftOf(key) {
  if (!drafts.has(key)) drafts.set(key, { text: "", active: 0, hasMoved: false, isHidden: false });
  return drafts.get(key);
}

function write(key, text) {
  Object.assign(draftOf(key), { text, active: 0, hasMoved: false, isHidden: false });
  changed();
}

/** A composer that sends to `where` ({channel, thread_ts?}); `label` names its text field. */
export function composer({ label, placeholder = label, where }) {
  const key = `${where.channel} ${where.thread_ts ?? ""}`;
  const draft = draftOf(key);
  const offers = draft.isHidden ? null : offersFor(draft.text);
  const hint = offers || draft.isHidden ? null : commandBeingTyped(draft.text);
  const listId = `offers-${where.thread_ts ? "thread" : "channel"}`;
  const field = () => document.getElementById(`${listId}-text`);
  const context = { key, draft, offers, where, field };
  const isReady = draft.text.trim() !== "";
  return h(
    "div",
    { class: "composer-frame", key: `composer-${key}` },
    offers &&
      offersList({
        id: listId,
        offers,
        active: draft.active,
        take: (item) => take(context, item),
        moveTo: (index) => moveTo(context, index),
      }),
    hint && usageHint(hint),
    h(
      "div",
      { class: "composer" },
      formatBar(context),
      h("textarea", {
        id: `${listId}-text`,
        class: "composer-text",
        rows: 1,
        dir: "auto",
        "aria-label": label,
        "aria-autocomplete": "list",
        "aria-controls": offers ? listId : null,
        "aria-activedescendant": offers ? `${listId}-${draft.active}` : null,
        placeholder,
        value: draft.text,
        oninput: (event) => write(key, event.target.value),
        onkeydown: (event) => onKey(event, context),
      }),
      h(
        "div",
        { class: "composer-foot" },
        tool("at", "Mention someone", () => insert(context, "@")),
        tool("slash", "Run a slash command", () => insert(context, "/")),
        h(
          "button",
          {
            class: isReady ? "send is-ready" : "send",
            type: "button",
            "aria-label": "Send now",
            "aria-disabled": !isReady,
            onclick: () => sendDraft(context),
          },
          icon("send", 16),
        ),
      ),
    ),
  );
}

function tool(name, label, onclick) {
  const keepFocus = (event) => event.preventDefault();
  return iconButton(name, label, onclick, { onmousedown: keepFocus });
}

function formatBar(context) {
  const tools = FORMATS.map(([name, label, mark]) => tool(name, label, () => wrap(context, mark)));
  return h("div", { class: "composer-tools", role: "toolbar", "aria-label": "Formatting" }, tools);
}

function wrap({ key, field }, mark) {
  const { value, selectionStart: start, selectionEnd: end } = field();
  write(key, `${value.slice(0, start)}${mark}${value.slice(start, end)}${mark}${value.slice(end)}`);
  queueMicrotask(() => {
    field().focus();
    field().setSelectionRange(start + 1, end + 1);
  });
}

function insert({ key, draft, field }, sign) {
  if (sign === "/") write(key, "/");
  else write(key, `${draft.text}${/\S$/.test(draft.text) ? " " : ""}${sign}`);
  field().focus();
}

function take({ key, draft, offers, field }, item) {
  write(key, completed(draft.text, offers, item));
  queueMicrotask(() => field().focus());
}

function moveTo({ draft, offers }, index) {
  const { length } = offers.items;
  Object.assign(draft, { active: (index + length) % length, hasMoved: true });
  changed();
}

function sendDraft({ key, draft, where, field }) {
  const { text } = draft;
  if (text.trim() === "") return;
  write(key, "");
  // Who writes looks at the end of the list, and the list then stays there.
  const list = field().closest(".composer-frame").parentElement.querySelector(".stick");
  list.scrollTop = list.scrollHeight;
  send(text.trimEnd(), where);
}

function onKey(event, context) {
  if (event.isComposing) return;
  if (context.offers && onOfferKey(event, context)) {
    event.preventDefault();
    event.stopPropagation();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    sendDraft(context);
  }
}

/** Keys while offers are open; false leaves the key to the composer. */
function onOfferKey(event, context) {
  const { draft, offers } = context;
  const item = offers.items[draft.active];
  if (event.key === "ArrowDown") moveTo(context, draft.active + 1);
  else if (event.key === "ArrowUp") moveTo(context, draft.active - 1);
  else if (event.key === "Escape") Object.assign(draft, { isHidden: true });
  else if (event.key === "Tab" && !event.shiftKey) take(context, item);
  // A command typed in full is sent at once, unless another one was picked with the arrows.
  else if (
    event.key === "Enter" &&
    !event.shiftKey &&
    (draft.hasMoved || item.command !== draft.text)
  )
    take(context, item);
  else return false;
  changed();
  return true;
}
