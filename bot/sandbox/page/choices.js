/** Radio buttons and checkboxes. */
import { h } from "./dom.js";
import { textNodes } from "./mrkdwn.js";

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
          {
            class: "choice-detail",
            id: detail,
            dir: "auto",
            onclick: () => document.getElementById(id).click(),
          },
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

export function radioButtons(field) {
  return choices(field, {
    type: "radio",
    isChecked: (option) => field.value?.value === option.value,
    toggle: (option) => option,
  });
}

export function checkboxes(field) {
  const others = (option) => field.value.filter((one) => one.value !== option.value);
  return choices(field, {
    type: "checkbox",
    isChecked: (option) => field.value.some((one) => one.value === option.value),
    toggle: (option, isOn) => (isOn ? [...others(option), option] : others(option)),
  });
}
