/** Panels that hang from a control: lists of options and menus. */
import { h, render } from "./dom.js";

const GAP = 4;
const MARGIN = 8;

/** Show `panel` below (or above) `anchor` until the answered function is called. */
export function hang(panel, anchor, { matchWidth = false } = {}) {
  // Inside an open dialog the panel belongs to it: what is outside of a modal dialog cannot be used.
  (anchor.closest("[role=dialog]") ?? document.body).append(panel);
  const position = () => {
    const box = anchor.getBoundingClientRect();
    if (matchWidth) panel.style.minWidth = `${Math.max(box.width, 200)}px`;
    const below = window.innerHeight - box.bottom - MARGIN;
    const above = box.top - MARGIN;
    const isBelow = below >= Math.min(panel.scrollHeight, 240) || below >= above;
    panel.style.maxHeight = `${Math.min(320, (isBelow ? below : above) - GAP)}px`;
    const fits = box.left + panel.offsetWidth <= window.innerWidth - MARGIN;
    const left = fits ? box.left : box.right - panel.offsetWidth;
    panel.style.left = `${Math.max(MARGIN, left)}px`;
    panel.style.top = isBelow ? `${box.bottom + GAP}px` : `${box.top - GAP - panel.offsetHeight}px`;
  };
  position();
  window.addEventListener("scroll", position, true);
  window.addEventListener("resize", position);
  const close = () => {
    window.removeEventListener("scroll", position, true);
    window.removeEventListener("resize", position);
    panel.remove();
  };
  return { close, position };
}

/**
 * Open a menu at `anchor`. Items: {label, detail?, title?, href?, checked?, lead?, choose()}; `checked` makes
 * a radio item, `lead` is a node in front, `title` shows on hovering. Arrow keys move, Escape and Tab close, focus goes back.
 */
export function openMenu(anchor, items, { label, header = null }) {
  const panel = document.createElement("div");
  panel.className = "menu";
  panel.setAttribute("role", "menu");
  panel.setAttribute("aria-label", label);
  const close = () => {
    hanging.close();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("mousedown", onOutside, true);
    if (document.activeElement === document.body) anchor.focus();
  };
  const onOutside = (event) => {
    if (!panel.contains(event.target)) close();
  };
  const choose = (item) => {
    close();
    item.choose?.();
  };
  render(panel, [
    header && h("div", { class: "menu-header" }, header),
    items.map((item) => menuItem(item, choose)),
  ]);
  panel.onkeydown = (event) => onMenuKey(event, panel, close);
  const hanging = hang(panel, anchor);
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("mousedown", onOutside, true);
  panel.querySelector("[role^=menuitem]")?.focus();
}

function menuItem(item, choose) {
  const isRadio = item.checked !== undefined;
  return h(
    item.href ? "a" : "button",
    {
      class: "menu-item",
      type: item.href ? null : "button",
      role: isRadio ? "menuitemradio" : "menuitem",
      "aria-checked": isRadio ? item.checked : null,
      tabindex: "-1",
      title: item.title || null,
      href: item.href ?? null,
      target: item.href ? "_blank" : null,
      rel: item.href ? "noopener noreferrer" : null,
      onclick: () => choose(item),
    },
    item.lead,
    h("span", { class: "menu-label", dir: "auto" }, item.label),
    item.detail && h("span", { class: "menu-detail" }, item.detail),
  );
}

function onMenuKey(event, panel, close) {
  const items = [...panel.querySelectorAll("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const moves = {
    ArrowDown: at + 1,
    ArrowUp: at - 1 + items.length,
    Home: 0,
    End: items.length - 1,
  };
  if (event.key in moves) items[moves[event.key] % items.length]?.focus();
  else if (event.key === "Escape" || event.key === "Tab") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
