/**
 * A small virtual DOM: views are plain objects that are patched into the page, so that focus,
 * scroll position and half-typed text survive an update. Text only ever becomes a text node.
 */
const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "path", "circle", "rect"]);
const PROPERTIES = new Set(["value", "checked", "disabled", "readOnly"]);

/** Describe an element. `key` keeps its node through reordering; `ref` is called with the new node. */
export function h(tag, props, ...children) {
  const { key = null, ...rest } = props ?? {};
  return { tag, key, props: rest, children: flatten(children, []), dom: null };
}

/** Describe a part that manages its own nodes: `create(props)` answers {el, update(props), destroy?()}. */
export function widget(create, props, key = null) {
  return { create, key, props, dom: null, instance: null };
}

/** Bring what is inside `container` into line with `vnodes`. */
export function render(container, vnodes) {
  const next = flatten([vnodes], []);
  patchChildren(container, container.vnodes ?? [], next);
  container.vnodes = next;
}

function flatten(children, out) {
  for (const child of children) {
    if (Array.isArray(child)) flatten(child, out);
    else if (child !== null && typeof child === "object") out.push(child);
    // What is left out keeps its place with an empty text, so that its neighbours are recognised.
    else out.push({ text: isLeftOut(child) ? "" : String(child), key: null, dom: null });
  }
  return out;
}

function isLeftOut(child) {
  return child === null || child === undefined || typeof child === "boolean";
}

function mount(vnode) {
  if (vnode.create) {
    vnode.instance = vnode.create(vnode.props);
    vnode.dom = vnode.instance.el;
  } else if (vnode.tag === undefined) {
    vnode.dom = document.createTextNode(vnode.text);
  } else {
    const isSvg = SVG_TAGS.has(vnode.tag);
    vnode.dom = isSvg
      ? document.createElementNS(SVG, vnode.tag)
      : document.createElement(vnode.tag);
    patchChildren(vnode.dom, [], vnode.children);
    patchProps(vnode.dom, {}, vnode.props);
    vnode.props.ref?.(vnode.dom);
  }
  return vnode.dom;
}

function unmount(vnode) {
  vnode.instance?.destroy?.();
  vnode.children?.forEach(unmount);
}

function isSameKind(a, b) {
  return a.key === b.key && a.tag === b.tag && a.create === b.create;
}

function patch(before, after) {
  if (before === after) return;
  after.dom = before.dom;
  if (after.create) {
    after.instance = before.instance;
    after.instance.update(after.props);
  } else if (after.tag === undefined) {
    if (before.text !== after.text) after.dom.data = after.text;
  } else {
    patchChildren(after.dom, before.children, after.children);
    patchProps(after.dom, before.props, after.props);
  }
}

function patchChildren(parent, before, after) {
  const matches = matchChildren(before, after);
  const kept = new Set(matches);
  for (const vnode of before) {
    if (kept.has(vnode)) continue;
    unmount(vnode);
    vnode.dom.remove();
  }
  let cursor = before.length ? firstKept(before, kept) : null;
  after.forEach((vnode, index) => {
    if (matches[index]) patch(matches[index], vnode);
    else mount(vnode);
    // A node already in its place is not moved: moving would take its focus away.
    if (vnode.dom === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(vnode.dom, cursor);
  });
}

function firstKept(before, kept) {
  return before.find((vnode) => kept.has(vnode))?.dom ?? null;
}

/** For each new child the old one it continues, or undefined. */
function matchChildren(before, after) {
  const keyed = new Map();
  const plain = [];
  for (const vnode of before) {
    if (vnode.key === null) plain.push(vnode);
    else keyed.set(vnode.key, vnode);
  }
  let next = 0;
  return after.map((vnode) => {
    const candidate = vnode.key === null ? plain[next++] : keyed.get(vnode.key);
    if (!candidate || !isSameKind(candidate, vnode)) return undefined;
    keyed.delete(vnode.key);
    return candidate;
  });
}

function patchProps(dom, before, after) {
  for (const name of Object.keys(before)) {
    if (!(name in after)) setProp(dom, name, null, before[name]);
  }
  for (const [name, value] of Object.entries(after)) {
    if (before[name] !== value) setProp(dom, name, value, before[name]);
  }
}

function setProp(dom, name, value, previous) {
  if (name === "ref") return;
  if (name.startsWith("on")) dom[name.toLowerCase()] = value;
  else if (name === "style") setStyle(dom, value ?? {}, previous ?? {});
  else if (PROPERTIES.has(name)) {
    // Writing an equal value would move the caret.
    const wanted = value ?? (name === "value" ? "" : false);
    if (dom[name] !== wanted) dom[name] = wanted;
  } else if (
    value === null ||
    value === undefined ||
    (value === false && !name.startsWith("aria-"))
  ) {
    dom.removeAttribute(name);
  } else dom.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
}

function setStyle(dom, style, previous) {
  for (const name of Object.keys(previous)) if (!(name in style)) dom.style.removeProperty(name);
  for (const [name, value] of Object.entries(style)) dom.style.setProperty(name, value);
}
