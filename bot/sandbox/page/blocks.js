/**
 * Block Kit's blocks. A surface is where they stand: {id, kind: "message" | "modal" | "home", state,
 * address (of its actions), errors: {block_id: text}, forgetError(block_id), submit()}.
 */
import { h } from "./dom.js";
import { elementNode } from "./elements.js";
import { icon } from "./icons.js";
import { image } from "./image.js";
import { act, change, enter, failureOf, isBusy, loadOptions } from "./interact.js";
import { plain, textNodes } from "./mrkdwn.js";
import { state } from "./state.js";
import { unsupported } from "./unsupported.js";
import { valueOf } from "./values.js";

/** All blocks of a surface as nodes. */
export function blockNodes(blocks, surface) {
  return blocks.map((block, index) => {
    const failure = failureOf(surface, block.block_id);
    return h(
      "div",
      { class: `block block-${block.type}`, key: block.block_id ?? `at-${index}` },
      content(block, surface),
      failure && h("div", { class: "block-failure", role: "alert" }, icon("error", 16), failure),
    );
  });
}

function content(block, surface) {
  const draw = BLOCKS[block.type];
  if (!draw) return unsupported("block", block.type);
  try {
    return draw(block, surface);
  } catch (error) {
    // One malformed block must not take the rest of the workspace away.
    console.error("block not drawn", block.type, error);
    return unsupported("block", block.type);
  }
}

const ids = new Map();

/** A short id for the page, the same one whenever the same field is drawn. */
export function fieldId(surface, blockId, actionId) {
  const key = JSON.stringify([surface.id, blockId, actionId]);
  if (!ids.has(key)) ids.set(key, `field-${ids.size + 1}`);
  return ids.get(key);
}

function field(block, element, surface, extra = {}) {
  const { block_id: blockId } = block;
  const value = valueOf(surface, blockId, element);
  return {
    element,
    value,
    id: fieldId(surface, blockId, element.action_id),
    isBusy: isBusy(surface, blockId, element.action_id),
    change: (next, isFinal) => change(surface, block, element, next, isFinal),
    act: (sent) => act(surface, blockId, element, sent),
    enter: () => enter(surface, block, element, valueOf(surface, blockId, element)),
    load: (query) => loadOptions(surface, blockId, element.action_id, query),
    ...extra,
  };
}

function isVisibleToMe(element) {
  return !element.visible_to_user_ids || element.visible_to_user_ids.includes(state.me);
}

function section(block, surface) {
  const { accessory } = block;
  return [
    h(
      "div",
      { class: "section-main" },
      block.text && h("div", { class: "section-text", dir: "auto" }, textNodes(block.text)),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((text) => h("div", { class: "field", dir: "auto" }, textNodes(text))),
        ),
    ),
    accessory && isVisibleToMe(accessory)
      ? h(
          "div",
          { class: "accessory" },
          accessory.type === "image" ? image(accessory) : accessoryNode(block, surface),
        )
      : null,
  ];
}

function accessoryNode(block, surface) {
  const label = plain(block.text)
    .replace(/[*_~`]/g, "")
    .slice(0, 150);
  return elementNode(field(block, block.accessory, surface, { label }));
}

function actions(block, surface) {
  return h(
    "div",
    { class: "actions" },
    block.elements
      .filter(isVisibleToMe)
      .map((element) =>
        h("div", { class: "action", key: element.action_id }, actionNode(block, element, surface)),
      ),
  );
}

function actionNode(block, element, surface) {
  return elementNode(field(block, element, surface, { label: plain(element.placeholder) || null }));
}

const GROUPS = new Set(["checkboxes", "radio_buttons"]);

function input(block, surface) {
  const { element } = block;
  const id = fieldId(surface, block.block_id, element.action_id);
  const error = surface.errors?.[block.block_id];
  const isGroup = GROUPS.has(element.type);
  const describedBy =
    [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ") || null;
  const label = [
    plain(block.label),
    block.optional && h("span", { class: "optional" }, " (optional)"),
  ];
  return h(
    "div",
    { class: error ? "input is-invalid" : "input" },
    isGroup
      ? h("div", { class: "input-label", id: `${id}-label`, dir: "auto" }, label)
      : h("label", { class: "input-label", for: id, dir: "auto" }, label),
    elementNode(
      field(block, element, surface, {
        describedBy,
        isInvalid: Boolean(error),
        isOptional: block.optional,
        labelledBy: isGroup ? `${id}-label` : null,
      }),
    ),
    error &&
      h(
        "div",
        { class: "input-error", id: `${id}-error`, role: "alert" },
        icon("error", 16),
        h("span", null, error),
      ),
    block.hint && h("div", { class: "input-hint", id: `${id}-hint` }, plain(block.hint)),
  );
}

function context(block) {
  return h(
    "div",
    { class: "context" },
    block.elements.map((element) =>
      element.type === "image"
        ? image(element)
        : h("span", { class: "context-text", dir: "auto" }, textNodes(element)),
    ),
  );
}

function imageBlock(block) {
  return [block.title && h("div", { class: "image-title" }, plain(block.title)), image(block)];
}

const ALERT_ICONS = {
  default: "info",
  info: "info",
  warning: "warning",
  error: "error",
  success: "success",
};

function alert(block) {
  const level = block.level in ALERT_ICONS ? block.level : "default";
  // A status, not an alert: the role alert is kept for what is wrong with an entry.
  return h(
    "div",
    { class: `alert alert-${level}`, role: "status" },
    icon(ALERT_ICONS[level]),
    h("div", { class: "alert-text", dir: "auto" }, textNodes(block.text)),
  );
}

const BLOCKS = {
  actions,
  alert,
  context,
  divider: () => h("hr"),
  header: (block) => h("h3", { class: "header-text", dir: "auto" }, plain(block.text)),
  image: imageBlock,
  input,
  section,
};
