/** rich_text blocks, as far as bots and people in the sandbox write them. */
import { formatDate } from "./dates.js";
import { h } from "./dom.js";
import { emojiNode, link, mentionAll, mentionChannel, mentionPerson } from "./mrkdwn.js";

const WRAPPERS = [
  ["code", "code"],
  ["strike", "s"],
  ["italic", "em"],
  ["bold", "strong"],
  ["underline", "u"],
];

function styled(style, content) {
  return WRAPPERS.reduce(
    (node, [name, tag]) => (style?.[name] ? h(tag, null, node) : node),
    content,
  );
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

const INLINE = {
  text: (item) => lines(item.text),
  link: (item) => link(item.url, item.text),
  user: (item) => mentionPerson(item.user_id),
  channel: (item) => mentionChannel(item.channel_id),
  broadcast: (item) => mentionAll(item.range),
  emoji: (item) => emojiNode(item.name) ?? `:${item.name}:`,
  date: (item) => formatDate(item.timestamp, item.format) ?? item.fallback ?? "",
};

function inlines(elements) {
  return elements.map((item) => {
    const draw = INLINE[item.type];
    return draw
      ? styled(item.style, draw(item))
      : h("span", { class: "unsupported" }, `Unsupported: ${item.type}`);
  });
}

const PARTS = {
  rich_text_section: (part) => h("div", { class: "lines" }, inlines(part.elements)),
  rich_text_quote: (part) => h("blockquote", null, inlines(part.elements)),
  rich_text_preformatted: (part) => h("pre", { class: "code-block" }, inlines(part.elements)),
  rich_text_list: (part) =>
    h(
      part.style === "ordered" ? "ol" : "ul",
      { class: `indent-${part.indent ?? 0}`, start: part.offset ? part.offset + 1 : null },
      part.elements.map((item) => h("li", null, inlines(item.elements))),
    ),
};

export function richText(block) {
  return block.elements.map((part) => {
    const draw = PARTS[part.type];
    return draw ? draw(part) : h("span", { class: "unsupported" }, `Unsupported: ${part.type}`);
  });
}
