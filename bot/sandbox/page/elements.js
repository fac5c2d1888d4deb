/** Block Kit's elements. A field is {element, value, change(value), ids and texts}; see blocks.js. */
import { checkboxes, radioButtons } from "./choices.js";
import { h } from "./dom.js";
import { datePicker, numberInput, textInput } from "./fields.js";
import { icon } from "./icons.js";
import { plain, withEmoji } from "./mrkdwn.js";
import { openMenu } from "./popover.js";
import { SELECTS } from "./selects.js";
import { unsupported } from "./unsupported.js";

const SAFE_LINK = /^https?:\/\//i;

/** The node of one element; an unknown one is a box that says so. */
export function elementNode(field) {
  const draw = ELEMENTS[field.element.type];
  return draw ? draw(field) : unsupported("element", field.element.type);
}

function button(field) {
  const { element } = field;
  const isLink = element.url && SAFE_LINK.test(element.url);
  const style = { primary: " button-primary", danger: " button-danger" }[element.style] ?? "";
  const content = [
    h("span", { class: "button-text" }, withEmoji(element.text.text)),
    field.isBusy && h("span", { class: "spinner" }),
  ];
  const shared = {
    class: `button${style}${field.isBusy ? " is-busy" : ""}`,
    "aria-label": element.accessibility_label ?? null,
  };
  const press = () => field.isBusy || field.act(element.value ?? null);
  if (isLink) {
    return h(
      "a",
      {
        ...shared,
        href: element.url,
        target: "_blank",
        rel: "noopener noreferrer",
        onclick: press,
      },
      content,
      icon("open", 14),
    );
  }
  return h(
    "button",
    { ...shared, type: "button", "aria-busy": field.isBusy ? "true" : null, onclick: press },
    content,
  );
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

const ELEMENTS = {
  button,
  checkboxes,
  datepicker: datePicker,
  email_text_input: textInput,
  number_input: numberInput,
  overflow,
  plain_text_input: textInput,
  radio_buttons: radioButtons,
  url_text_input: textInput,
  ...SELECTS,
};
