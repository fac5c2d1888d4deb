/** The select of Slack: a text field that filters a list; one choice or several as chips; fixed or asked for. */
import { h, render } from "./dom.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";
import { chip, optionRow } from "./optionparts.js";
import { OptionSource } from "./options.js";
import { hang } from "./popover.js";

let count = 0;

/**
 * Props: {id, label, placeholder, groups | load(query) with minQuery, selected: [option], multiple,
 * most, canClear, disabled, describedBy, invalid, onChange([option], isFinal)}. A group is
 * {label, options}; an option's `lead()` is a node before its text. While the list of several choices
 * is open its changes are not final; they are when it closes.
 */
export function combobox(props) {
  return new Combobox(props);
}

class Combobox {
  constructor(props) {
    this.listId = `options-${(count += 1)}`;
    this.el = document.createElement("div");
    this.list = document.createElement("div");
    Object.assign(this.list, { id: this.listId, className: "menu options" });
    this.list.setAttribute("role", "listbox");
    this.hanging = null;
    this.query = null;
    this.active = 0;
    this.pending = null;
    this.source = new OptionSource(() => this.hanging && this.refresh());
    this.update(props);
  }

  update(props) {
    this.props = props;
    this.source.use(props);
    this.draw();
    if (this.hanging) this.drawList();
  }

  destroy() {
    this.source.stop();
    this.pending = null;
    this.close();
  }

  get isFull() {
    return this.props.multiple && this.props.selected.length >= (this.props.most ?? Infinity);
  }

  get input() {
    return this.el.querySelector("input");
  }

  draw() {
    const { props } = this;
    const chosen = props.multiple || !props.selected.length ? "" : plain(props.selected[0].text);
    const isEmpty = !props.selected.length;
    this.el.className = `select${props.disabled ? " is-disabled" : ""}${props.invalid ? " is-invalid" : ""}${props.multiple ? " is-multiple" : ""}`;
    this.el.onmousedown = (event) => this.onPress(event);
    render(this.el, [
      props.multiple &&
        props.selected.map((option) =>
          chip(option, { disabled: props.disabled, onRemove: () => this.remove(option) }),
        ),
      !props.multiple && !isEmpty && this.query === null && props.selected[0].lead?.(),
      h("input", {
        id: props.id,
        type: "text",
        role: "combobox",
        autocomplete: "off",
        "aria-autocomplete": "list",
        "aria-expanded": this.hanging !== null,
        "aria-controls": this.listId,
        "aria-activedescendant":
          this.hanging && this.options().length ? `${this.listId}-${this.active}` : null,
        "aria-label": props.label ?? null,
        "aria-describedby": props.describedBy ?? null,
        "aria-invalid": props.invalid ? "true" : null,
        placeholder: props.multiple && !isEmpty ? "" : props.placeholder,
        dir: "auto",
        disabled: Boolean(props.disabled),
        value: this.query ?? chosen,
        oninput: (event) => this.search(this.hanging ? event.target.value : typed(event)),
        onkeydown: (event) => this.onKey(event),
        onblur: () => this.close(),
      }),
      props.canClear && !isEmpty && !props.multiple
        ? h(
            "button",
            {
              class: "select-clear",
              type: "button",
              "aria-label": "Clear",
              onclick: () => this.choose(null),
            },
            icon("close", 14),
          )
        : null,
      h("span", { class: "select-arrow" }, icon("chevron", 16)),
    ]);
  }

  onPress(event) {
    if (this.props.disabled || event.target.closest("button")) return;
    if (event.target !== this.input) {
      event.preventDefault();
      this.input.focus();
    }
    if (this.hanging && event.target !== this.input) this.close();
    else this.open();
  }

  open() {
    if (this.hanging) return;
    this.query = "";
    this.active = Math.max(
      0,
      this.options().findIndex((option) => this.isSelected(option)),
    );
    this.hanging = hang(this.list, this.el, { matchWidth: true });
    this.source.ask("");
    this.refresh();
    this.list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  close() {
    if (!this.hanging) return;
    this.hanging.close();
    this.hanging = null;
    this.query = null;
    this.draw();
    if (this.pending) this.props.onChange(this.pending, true);
    this.pending = null;
  }

  /** Several choices: told at once when the list is closed, else when it closes. */
  take(options) {
    this.pending = this.hanging ? options : null;
    this.props.onChange(options, !this.hanging);
  }

  remove(option) {
    this.take(this.props.selected.filter((one) => one.value !== option.value));
  }

  search(query) {
    if (!this.hanging) this.open();
    this.query = query;
    this.active = 0;
    this.source.ask(query);
    this.refresh();
  }

  refresh() {
    this.draw();
    this.drawList();
  }

  options() {
    return this.source.options(this.query ?? "");
  }

  isSelected(option) {
    return this.props.selected.some((one) => one.value === option.value);
  }

  drawList() {
    const shown = this.options();
    const rows = this.source
      .groups(this.query ?? "")
      .map(({ label, options }) => [
        label && options.length
          ? h("div", { class: "options-label", role: "presentation" }, label)
          : null,
        options
          .filter((option) => shown.includes(option))
          .map((option) => this.row(option, shown.indexOf(option))),
      ]);
    const emptyText = this.source.emptyText(this.query ?? "");
    const empty = h("div", { class: "options-empty", role: "status" }, emptyText);
    render(this.list, shown.length ? rows : [empty]);
    this.hanging.position();
  }

  row(option, index) {
    return optionRow(option, {
      id: `${this.listId}-${index}`,
      isActive: index === this.active,
      isSelected: this.isSelected(option),
      isRefused: this.isFull && !this.isSelected(option),
      onMove: () => this.moveTo(index),
      onChoose: () => this.choose(option),
    });
  }

  moveTo(index) {
    const { length } = this.options();
    if (!length || this.active === index) return;
    this.active = (index + length) % length;
    this.refresh();
    this.list.querySelector(".is-active")?.scrollIntoView({ block: "nearest" });
  }

  choose(option) {
    const { multiple, selected, onChange } = this.props;
    if (!multiple || !option) {
      this.close();
      onChange(option ? [option] : [], true);
      return;
    }
    const wasFiltered = this.query !== "";
    this.query = "";
    if (this.isSelected(option)) this.remove(option);
    else if (!this.isFull) this.take([...selected, option]);
    if (wasFiltered) this.search("");
  }

  onKey(event) {
    const isOpen = this.hanging !== null;
    if (event.key === "ArrowDown") isOpen ? this.moveTo(this.active + 1) : this.open();
    else if (event.key === "ArrowUp") isOpen ? this.moveTo(this.active - 1) : this.open();
    else if (event.key === "Enter") isOpen ? this.chooseActive() : this.open();
    else if (event.key === "Escape" && isOpen) this.close();
    else if (event.key === "Backspace" && !event.target.value && this.props.multiple) {
      this.take(this.props.selected.slice(0, -1));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  chooseActive() {
    const option = this.options()[this.active];
    if (option) this.choose(option);
  }
}

/** What was just typed, without the choice that stood in the field before. */
function typed({ data, inputType = "", target }) {
  if (inputType.startsWith("delete")) return "";
  return data ?? target.value;
}
