/**
 * What a person has typed or chosen and the workspace does not hold yet, by surface (a view or a
 * message), block and action. A field keeps it as long as its block_id and action_id stay the same.
 *
 * A value is a string or null (text, number, date, the id of a person or a conversation), an option
 * or null (one choice), or a list of either (several choices); `wire` turns it into what the control
 * API takes.
 */
import { changed } from "./state.js";

const drafts = new Map();
const MANY = new Set(["checkboxes", "multi_static_select", "multi_external_select"]);
const ONE = new Set(["static_select", "external_select", "radio_buttons"]);
/** The selects that hold ids: what comes after `initial_` and `selected_` in their fields. */
const IDS = new Map([
  ["users_select", "user"],
  ["multi_users_select", "users"],
  ["channels_select", "channel"],
  ["multi_channels_select", "channels"],
  ["conversations_select", "conversation"],
  ["multi_conversations_select", "conversations"],
]);

function keyOf(blockId, actionId) {
  return JSON.stringify([blockId, actionId]);
}

function isMany(element) {
  return MANY.has(element.type) || element.type.startsWith("multi_");
}

function initialOf(element) {
  const nothing = isMany(element) ? [] : null;
  if (IDS.has(element.type)) return element[`initial_${IDS.get(element.type)}`] ?? nothing;
  if (MANY.has(element.type)) return element.initial_options ?? nothing;
  if (ONE.has(element.type)) return element.initial_option ?? nothing;
  return element.initial_value ?? element.initial_date ?? nothing;
}

function heldOf(held) {
  if (IDS.has(held.type)) return held[`selected_${IDS.get(held.type)}`];
  if ("selected_options" in held) return held.selected_options ?? [];
  if ("selected_option" in held) return held.selected_option;
  return held.value ?? held.selected_date ?? null;
}

/** What a field shows: the person's own value, else what the workspace holds, else the initial one. */
export function valueOf(surface, blockId, element) {
  const draft = drafts.get(surface.id)?.get(keyOf(blockId, element.action_id));
  if (draft && draft.element.type === element.type) return draft.value;
  const held = surface.state?.values?.[blockId]?.[element.action_id];
  return held ? heldOf(held) : initialOf(element);
}

export function setValue(surface, blockId, element, value) {
  if (!drafts.has(surface.id)) drafts.set(surface.id, new Map());
  drafts.get(surface.id).set(keyOf(blockId, element.action_id), { element, value });
  changed(surface.id);
}

/** Show again what the workspace holds: the person took it back. */
export function forgetValue(surface, blockId, element) {
  drafts.get(surface.id)?.delete(keyOf(blockId, element.action_id));
  changed(surface.id);
}

/** One value in the form that the control API takes. */
export function wire(element, value) {
  if (IDS.has(element.type)) return value;
  if (element.type === "multi_external_select") return value.map(chosen);
  if (MANY.has(element.type)) return value.map((option) => option.value);
  if (element.type === "external_select") return value && chosen(value);
  if (ONE.has(element.type)) return value && value.value;
  return value === "" ? null : value;
}

function chosen(option) {
  return {
    text: typeof option.text === "string" ? option.text : option.text.text,
    value: option.value,
  };
}

/** Everything typed so far on a surface: {block_id: {action_id: value}}. */
export function typedValues(surfaceId) {
  const values = {};
  for (const [key, { element, value }] of drafts.get(surfaceId) ?? []) {
    const [blockId, actionId] = JSON.parse(key);
    (values[blockId] ??= {})[actionId] = wire(element, value);
  }
  return values;
}

/** Forget what was typed into fields that the surface no longer has. */
export function keepFields(surfaceId, blocks) {
  const fields = drafts.get(surfaceId);
  if (!fields) return;
  const present = new Set(
    blocks.flatMap(elementsOf).map(([blockId, { action_id: id }]) => keyOf(blockId, id)),
  );
  for (const key of fields.keys()) if (!present.has(key)) fields.delete(key);
}

/** Forget everything typed on a surface that is gone. */
export function forgetSurface(surfaceId) {
  drafts.delete(surfaceId);
}

function elementsOf(block) {
  const elements = [
    block.element,
    block.accessory,
    ...(block.type === "actions" ? block.elements : []),
  ];
  return elements.filter(Boolean).map((element) => [block.block_id, element]);
}
