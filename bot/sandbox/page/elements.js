/** Block Kit's elements. A field is {element, value, change(value), ids and texts}; see blocks.js. */
import { combobox } from "./combobox.js";
import { calendarDate } from "./dates.js";
import { h, widget } from "./dom.js";
import { icon } from "./icons.js";
import { plain, textNodes, withEmoji } from "./mrkdwn.js";
import { openMenu } from "./popover.js";

const SAFE_LINK = /^https?:\/\//i;

/** The node of one element; an unknown one is a box that says so. */
export function elementNode(field) {
  const draw = ELEMENTS[field.element.type];
  return draw ? draw(field) : unsupported("element", field.element.type);
}

export function unsupported(kind, type) {
  return h("div", { class: "unsupported" }, `Unsupported ${kind}: ${type}`);
}

function described(field) {
  return {
    id: field.id,
    "aria-label": field.label,
    "aria-describedby": field.describedBy,
    "aria-invalid": field.isInvalid ? "true" : null,
  };
}

function placeholderOf(element, otherwise) {
  return plain(element.placeholder) || otherwise;
}

function button(field) {
  const { element } = field;
  const isLink = element.url && SAFE_LINK.test(element.url);
  const style = { primary: " button-primary", danger: " button-danger" }[element.style] ?? "";
  const content = [h("span", { class: "button-text" }, withEmoji(element.text.text)), field.isBusy && h("span", { class: "spinner" })];
  const shared = { class: `button${style}${field.isBusy ? " is-busy" : ""}`, "aria-label": element.accessibility_label ?? null };
  const press = () => field.isBusy || field.act(element.value ?? null);
  if (isLink) {
    return h("a", { ...shared, href: element.url, target: "_blank", rel: "noopener noreferrer", onclick: press }, content, icon("open", 14));
  }
  return h("button", { ...shared, type: "button", "aria-busy": field.isBusy ? "true" : null, onclick: press }, content);
}

function select(field, { isExternal = false, isMultiple = false }) {
  const { element, value } = field;
  const groups = element.option_groups
    ? element.option_groups.map((group) => ({ label: plain(group.label), options: group.options }))
    : [{ label: null, options: element.options ?? [] }];
  return widget(combobox, {
    id: field.id,
    label: field.label,
    describedBy: field.describedBy,
    invalid: field.isInvalid,
    placeholder: placeholderOf(element, isMultiple ? "Select options" : "Select an option"),
    multiple: isMultiple,
    most: element.max_selected_items,
    canClear: field.isOptional,
    selected: isMultiple ? value : [value].filter(Boolean),
    groups,
    load: isExternal ? field.load : null,
    minQuery: element.min_query_length ?? 3,
    onChange: (options) => field.change(isMultiple ? options : (options[0] ?? null)),
  });
}

function overflow(field) {
  const items = field.element.options.map((option) => ({
    label: plain(option.text),
    detail: plain(option.description),
    href: option.url && SAFE_LINK.test(option.url) ? option.url : null,
    choose: () => field.act(option.value),
  }));
  const name = field.element.accessibility_label ?? "More actions";
  return h(
    "button",
    {
      class: "button button-overflow",
      type: "button",
      "aria-label": name,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: (event) => openMenu(event.currentTarget, items, { label: name }),
    },
    icon("more"),
  );
}

function choices(field, { type, isChecked, toggle }) {
  const name = `${field.id}-choice`;
  const rows = field.element.options.map((option, index) => {
    const id = `${field.id}-${index}`;
    const detail = option.description ? `${id}-detail` : null;
    // The description describes and does not name: a name is best short.
    return h(
      "div",
      { class: "choice", key: option.value },
      h("input", {
        type,
        id,
        name,
        value: option.value,
        checked: isChecked(option),
        "aria-describedby": detail,
        onchange: (event) => field.change(toggle(option, event.target.checked)),
      }),
      h("label", { class: "choice-text", for: id, dir: "auto" }, textNodes(option.text)),
      detail &&
        h(
          "span",
          { class: "choice-detail", id: detail, dir: "auto", onclick: () => document.getElementById(id).click() },
          textNodes(option.description),
        ),
    );
  });
  const group = {
    class: "choices",
    role: type === "radio" ? "radiogroup" : "group",
    "aria-labelledby": field.labelledBy,
    "aria-label": field.labelledBy ? null : (field.label ?? "Choices"),
    "aria-describedby": field.describedBy,
    "aria-invalid": type === "radio" && field.isInvalid ? "true" : null,
  };
  return h("div", group, rows);
}

function radioButtons(field) {
  return choices(field, {
    type: "radio",
    isChecked: (option) => field.value?.value === option.value,
    toggle: (option) => option,
  });
}

function checkboxes(field) {
  const others = (option) => field.value.filter((one) => one.value !== option.value);
  return choices(field, {
    type: "checkbox",
    isChecked: (option) => field.value.some((one) => one.value === option.value),
    toggle: (option, isOn) => (isOn ? [...others(option), option] : others(option)),
  });
}

function textInput(field) {
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
function numberInput(field) {
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

function datePicker(field) {
  const text = field.value ? calendarDate(field.value) : placeholderOf(field.element, "Select a date");
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

const ELEMENTS = {
  button,
  checkboxes,
  datepicker: datePicker,
  email_text_input: textInput,
  external_select: (field) => select(field, { isExternal: true }),
  multi_external_select: (field) => select(field, { isExternal: true, isMultiple: true }),
  multi_static_select: (field) => select(field, { isMultiple: true }),
  number_input: numberInput,
  overflow,
  plain_text_input: textInput,
  radio_buttons: radioButtons,
  static_select: (field) => select(field, {}),
  url_text_input: textInput,
};
