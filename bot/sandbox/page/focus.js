/** Where the keyboard is: inside a dialog it stays inside. */

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), [tabindex='0']";
const FIELDS = "input:not([disabled]), textarea:not([disabled])";

function isVisible(element) {
  return element.getClientRects().length > 0;
}

/** Keys every dialog understands: Tab goes round, Escape leaves. */
export function onDialogKey(event, { escape }) {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    escape();
    return;
  }
  if (event.key !== "Tab") return;
  const stops = [...event.currentTarget.querySelectorAll(FOCUSABLE)].filter(isVisible);
  const [first, last] = [stops[0], stops.at(-1)];
  const active = document.activeElement;
  const isLeaving = event.shiftKey
    ? active === first || active === event.currentTarget
    : active === last;
  if (!isLeaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

/** Put the keyboard on the wanted field, the first one, or the dialog itself. */
export function focusDialog(dialog, fieldId = null) {
  const wanted = fieldId && document.getElementById(fieldId);
  const target =
    wanted ?? [...dialog.querySelectorAll(`.dialog-body :is(${FIELDS})`)].find(isVisible) ?? dialog;
  target.focus({ preventScroll: target === dialog });
}
