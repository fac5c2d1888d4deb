/** The question an element asks before its action. */
import { h } from "./dom.js";
import { onDialogKey } from "./focus.js";
import { plain, textNodes } from "./mrkdwn.js";
import { changed, state } from "./state.js";

/** Ask and answer whether the person agreed. */
export function ask(question) {
  return new Promise((resolve) => {
    const opener = document.activeElement;
    const answer = (isAgreed) => {
      state.confirm = null;
      changed();
      opener?.focus?.();
      resolve(isAgreed);
    };
    state.confirm = { question, answer };
    changed();
  });
}

export function confirmDialog() {
  if (!state.confirm) return null;
  const { question, answer } = state.confirm;
  const title = plain(question.title);
  const style = question.style === "danger" ? "button-danger-solid" : "button-primary";
  return h(
    "div",
    { class: "overlay overlay-confirm", key: "confirm" },
    h(
      "div",
      {
        class: "dialog dialog-confirm",
        role: "dialog",
        "aria-modal": "true",
        "aria-label": title,
        onkeydown: (event) => onDialogKey(event, { escape: () => answer(false) }),
      },
      h("header", { class: "dialog-head" }, h("h2", { class: "dialog-title" }, title)),
      h("div", { class: "dialog-body" }, textNodes(question.text)),
      h(
        "footer",
        { class: "dialog-foot" },
        h(
          "button",
          { class: "button", type: "button", onclick: () => answer(false) },
          plain(question.deny),
        ),
        h(
          "button",
          {
            class: `button ${style}`,
            type: "button",
            ref: (el) => queueMicrotask(() => el.focus()),
            onclick: () => answer(true),
          },
          plain(question.confirm),
        ),
      ),
    ),
  );
}
