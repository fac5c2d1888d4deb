/** The app's modals: the top of the person's stack, with what was typed, its errors and its buttons. */
import { post } from "./api.js";
import { appIcon } from "./avatar.js";
import { blockNodes, fieldId } from "./blocks.js";
import { h } from "./dom.js";
import { focusDialog, onDialogKey } from "./focus.js";
import { icon } from "./icons.js";
import { failureText } from "./interact.js";
import { plain } from "./mrkdwn.js";
import { changed, state } from "./state.js";
import { refreshViews } from "./sync.js";
import { forgetSurface, keepFields, typedValues } from "./values.js";

/** What the page knows of a view beyond the workspace: {errors, failure, isWaiting}. */
const notes = new Map();
let opener = null;
let shown = { id: null, hash: null };

function noteOf(view) {
  if (!notes.has(view.id)) notes.set(view.id, { errors: {}, failure: null, isWaiting: false });
  return notes.get(view.id);
}

function surfaceOf(view) {
  const note = noteOf(view);
  return {
    id: view.id,
    kind: "modal",
    state: view.state,
    address: { view_id: view.id },
    errors: note.errors,
    forgetError: (blockId) => delete note.errors[blockId],
    submit: () => view.submit && submit(view),
  };
}

async function submit(view) {
  const note = noteOf(view);
  if (note.isWaiting) return;
  Object.assign(note, { isWaiting: true, failure: null });
  changed();
  const answer = await post("submit", {
    user: state.me,
    view_id: view.id,
    values: typedValues(view.id),
  });
  note.errors = answer.errors ?? {};
  if (answer.ok === false) note.failure = failureText(answer.error);
  await refreshViews();
  note.isWaiting = false;
  changed();
  if (answer.errors) queueMicrotask(() => focusFirstError());
}

function focusFirstError() {
  const place = document.querySelector(".dialog-modal .is-invalid");
  const field = place?.querySelector("input, textarea, [tabindex]");
  if (field) field.focus();
  else place?.scrollIntoView({ block: "nearest" });
}

/** Close a view, or the whole stack as the cross does. */
async function close(view, all = false) {
  await post("close", { user: state.me, view_id: view.id, all });
  await refreshViews();
}

/** The open modal, or nothing. */
export function modal() {
  const view = state.views.at(-1);
  if (!view) return null;
  keepFields(view.id, view.blocks);
  const note = noteOf(view);
  const title = plain(view.title);
  const step = () => close(view);
  return h(
    "div",
    { class: "overlay", key: "modal" },
    h(
      "div",
      {
        key: view.id,
        class: "dialog dialog-modal",
        role: "dialog",
        "aria-modal": "true",
        "aria-label": title,
        "aria-busy": note.isWaiting ? "true" : null,
        tabindex: "-1",
        onkeydown: (event) => onDialogKey(event, { escape: step }),
      },
      h(
        "header",
        { class: "dialog-head" },
        state.views.length > 1 ? iconButton("back", "Back", step) : appIcon(28),
        h("h2", { class: "dialog-title", dir: "auto" }, title),
        iconButton("close", "Dismiss", () => close(view, true)),
      ),
      h("div", { class: "dialog-body blocks" }, blockNodes(view.blocks, surfaceOf(view))),
      problem(note),
      foot(view, note, step),
    ),
  );
}

function iconButton(name, label, onclick) {
  return h(
    "button",
    { class: "icon-button", type: "button", "aria-label": label, onclick },
    icon(name),
  );
}

function problem(note) {
  if (!note.failure) return null;
  return h("div", { class: "dialog-problem", role: "alert" }, icon("warning"), note.failure);
}

function foot(view, note, step) {
  const label = plain(view.submit);
  return h(
    "footer",
    { class: "dialog-foot" },
    h(
      "button",
      { class: "button", key: "close", type: "button", onclick: step },
      plain(view.close) || "Close",
    ),
    label &&
      h(
        "button",
        {
          class: note.isWaiting ? "button button-primary is-busy" : "button button-primary",
          key: "submit",
          type: "button",
          "aria-disabled": note.isWaiting,
          // The second click of a double click would press the next step's button.
          onclick: (event) => event.detail > 1 || submit(view),
        },
        h("span", { class: "button-text" }, label),
        note.isWaiting && h("span", { class: "spinner" }),
      ),
  );
}

function forgetClosed() {
  const open = new Set(state.views.map((view) => view.id));
  for (const id of [...notes.keys()].filter((one) => !open.has(one))) {
    notes.delete(id);
    forgetSurface(id);
  }
}

/** After drawing: keep the keyboard in the modal, and give it back when the last one has closed. */
export function settleFocus() {
  forgetClosed();
  const view = state.views.at(-1);
  if (!view) {
    if (shown.id) opener?.focus?.();
    [opener, shown] = [null, { id: null, hash: null }];
    return;
  }
  const dialog = document.querySelector(".dialog-modal");
  const isNew = view.id !== shown.id;
  const isLost = document.activeElement === document.body || document.activeElement === dialog;
  if (isNew && shown.id === null) opener = document.activeElement;
  if (isNew) dialog.querySelector(".dialog-body").scrollTop = 0;
  if (isNew || (view.hash !== shown.hash && isLost)) focusDialog(dialog, wantedField(view));
  shown = { id: view.id, hash: view.hash };
}

function wantedField(view) {
  const block = view.blocks.find((one) => one.element?.focus_on_load);
  return block ? fieldId({ id: view.id }, block.block_id, block.element.action_id) : null;
}
