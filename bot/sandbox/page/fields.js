/** Fields to type into: text, numbers, dates. */
import { calendarDate } from "./dates.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";

function described(field) {
  return {
    id: field.id,
    "aria-label": field.label,
    "aria-describedby": field.describedBy,
    "aria-invalid": field.isInvalid ? "true" : null,
  };
}

/** The placeholder an element brings, or Slack's own. */
export function placeholderOf(element, otherwise) {
  return plain(element.placeholder) || otherwise;
}

export function textInput(field) {
  const { element } = field;
  return h(element.multiline ? "textarea" : "input", {
    ...described(field),
    class: "text-input",
    type: element.multiline ? null : "text",
    rows: element.multiline ? 4 : null,
    autocomplete: "off",
    dir: "auto",
    placeholder: placeholderOf(element, "Write something"),
    value: field.value ?? "",
    oninput: (event) => field.change(event.target.value),
    onkeydown: (event) => onTextKey(event, field),
  });
}

/** A number stays text here: what was typed is checked by the workspace, with its words. */
export function numberInput(field) {
  const { element } = field;
  return h("input", {
    ...described(field),
    class: "text-input number-input",
    type: "text",
    inputmode: element.is_decimal_allowed ? "decimal" : "numeric",
    autocomplete: "off",
    placeholder: placeholderOf(element, ""),
    value: field.value ?? "",
    oninput: (event) => field.change(event.target.value),
    onkeydown: (event) => stepNumber(event, field) || onTextKey(event, field),
  });
}

function stepNumber(event, { element, change }) {
  const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!step || !/^-?\d*$/.test(event.target.value)) return false;
  event.preventDefault();
  const wanted = Number(event.target.value || 0) + step;
  const least = Number(element.min_value ?? -Infinity);
  const most = Number(element.max_value ?? Infinity);
  change(String(Math.min(Math.max(wanted, least), most)));
  return true;
}

function onTextKey(event, field) {
  if (event.key !== "Enter" || event.repeat || event.isComposing || field.element.multiline) return;
  event.preventDefault();
  field.enter?.();
}

export function datePicker(field) {
  const text = field.value
    ? calendarDate(field.value)
    : placeholderOf(field.element, "Select a date");
  return h(
    "span",
    { class: field.value ? "date-field" : "date-field is-empty" },
    h("input", {
      ...described(field),
      class: "text-input date-input",
      type: "date",
      value: field.value ?? "",
      onclick: (event) => event.target.showPicker?.(),
      onchange: (event) => field.change(event.target.value || null),
    }),
    // Read aloud and typed into is the browser's own field; this only looks better until then.
    h("span", { class: "date-text", "aria-hidden": "true" }, icon("calendar", 18), text),
  );
}
