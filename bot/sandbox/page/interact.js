/** What a person does with an element of the app: confirmed where it asks, sent, and told when it failed. */
import { post } from "./api.js";
import { ask } from "./confirm.js";
import { changed, state } from "./state.js";
import { refreshHome, refreshMessages, refreshThread, refreshViews } from "./sync.js";
import { forgetValue, setValue, typedValues, wire } from "./values.js";

const busy = new Set();
const failures = new Map();
const timers = new Map();
const TYPING_MS = 300;

function keyOf(surface, blockId, actionId = "") {
  return JSON.stringify([surface.id, blockId, actionId]);
}

export function isBusy(surface, blockId, actionId) {
  return busy.has(keyOf(surface, blockId, actionId));
}

/** Why the last action of this block failed, or null. */
export function failureOf(surface, blockId) {
  return failures.get(keyOf(surface, blockId)) ?? null;
}

/** Slack's words for an app that did not answer an action. */
export function failureText(error) {
  if (error === "operation_timeout") return `${state.app.name} did not respond in time. Try again.`;
  if (error === "no_connection") return "You are not connected. Try again in a moment.";
  return `We had some trouble connecting to ${state.app.name}. Try again?`;
}

/** Send one block action with everything typed so far; false when it was declined or failed. */
export async function act(surface, blockId, element, value) {
  if (element.confirm && !(await ask(element.confirm))) return false;
  const key = keyOf(surface, blockId, element.action_id);
  busy.add(key);
  failures.delete(keyOf(surface, blockId));
  changed(surface.id);
  const answer = await post("action", {
    user: state.me,
    ...surface.address,
    block_id: blockId,
    action_id: element.action_id,
    value,
    values: typedValues(surface.id),
  });
  busy.delete(key);
  if (answer.ok === false) failures.set(keyOf(surface, blockId), failureText(answer.error));
  changed(surface.id);
  await refreshSurface(surface);
  return answer.ok !== false;
}

async function refreshSurface(surface) {
  if (surface.kind === "message") await Promise.all([refreshMessages(), refreshThread()]);
  else if (surface.kind === "home") await refreshHome();
  await refreshViews();
}

/**
 * Take over a value; where the app wants to know of it, send it as well. A list of choices that is
 * still open is not `isFinal`: the app hears of it once, when the list closes.
 */
export async function change(surface, block, element, value, isFinal = true) {
  const isInput = block.type === "input";
  surface.forgetError?.(block.block_id);
  if (isInput || !element.confirm || !isFinal)
    setValue(surface, block.block_id, element, value);
  if (!isFinal || (isInput && !block.dispatch_action)) return;
  if (isTyped(element)) {
    if (dispatchesOn(element, "on_character_entered"))
      actAfterTyping(surface, block, element, value);
    return;
  }
  const isDone = await act(surface, block.block_id, element, wire(element, value));
  if (isInput || !element.confirm) return;
  if (isDone) setValue(surface, block.block_id, element, value);
  else forgetValue(surface, block.block_id, element);
}

/** Enter in a text field: the app's when it asked for that, else the form's. */
export function enter(surface, block, element, value) {
  if (!block.dispatch_action) surface.submit?.();
  else if (dispatchesOn(element, "on_enter_pressed"))
    act(surface, block.block_id, element, wire(element, value));
}

function isTyped(element) {
  return element.type.endsWith("_input");
}

function dispatchesOn(element, event) {
  return (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes(
    event,
  );
}

function actAfterTyping(surface, block, element, value) {
  const key = keyOf(surface, block.block_id, element.action_id);
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => act(surface, block.block_id, element, wire(element, value)), TYPING_MS),
  );
}

/** The app's options for an external select, in Block Kit's form. */
export async function loadOptions(surface, blockId, actionId, query) {
  const answer = await post("options", {
    user: state.me,
    ...surface.address,
    block_id: blockId,
    action_id: actionId,
    query,
  });
  const options = answer.options ?? [];
  return {
    options: options.map(asOption),
    error: answer.options ? null : (answer.error ?? "no_answer"),
  };
}

function asOption(option) {
  return typeof option.text === "string"
    ? { ...option, text: { type: "plain_text", text: option.text } }
    : option;
}
