/** What a select is made of: the rows of its list, and the chips of what was chosen. */
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";

/** One row of the list. */
export function optionRow(option, { id, isActive, isSelected, isRefused, onMove, onChoose }) {
  return h(
    "div",
    {
      id,
      class: `option${isActive ? " is-active" : ""}${isRefused ? " is-refused" : ""}`,
      role: "option",
      "aria-selected": isSelected,
      "aria-disabled": isRefused ? "true" : null,
      onmousedown: (event) => event.preventDefault(),
      onmousemove: onMove,
      onclick: onChoose,
    },
    option.lead && h("span", { class: "option-lead" }, option.lead()),
    h("span", { class: "option-text", dir: "auto" }, plain(option.text)),
    option.description && h("span", { class: "option-detail" }, plain(option.description)),
    isSelected && icon("check", 16),
  );
}

/** One of several choices, with its cross. */
export function chip(option, { disabled, onRemove }) {
  const text = plain(option.text);
  return h(
    "span",
    { class: "chip", key: option.value },
    option.lead?.(),
    h("span", { class: "chip-text", dir: "auto" }, text),
    h(
      "button",
      {
        type: "button",
        "aria-label": `Remove ${text}`,
        disabled: Boolean(disabled),
        onclick: onRemove,
      },
      icon("close", 12),
    ),
  );
}
