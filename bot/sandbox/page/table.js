/** Table blocks. */
import { h } from "./dom.js";
import { unsupported } from "./unsupported.js";
import { richText } from "./richtext.js";

const CELLS = {
  raw_text: (cell) => cell.text,
  raw_number: (cell) => cell.text ?? String(cell.value ?? ""),
  rich_text: (cell) => richText(cell),
};

/** A table block; its first row is the head. */
export function table(block) {
  const cellNode = (cell, column, tag) => {
    const settings = block.column_settings?.[column] ?? {};
    const align = settings.align ?? (cell.type === "raw_number" ? "right" : "left");
    const draw = CELLS[cell.type] ?? (() => unsupported("cell", cell.type));
    return h(
      tag,
      { class: `align-${align}`, scope: tag === "th" ? "col" : null, dir: "auto" },
      draw(cell),
    );
  };
  const row = (cells, tag) =>
    h(
      "tr",
      null,
      cells.map((cell, column) => cellNode(cell, column, tag)),
    );
  const [head, ...rest] = block.rows;
  return h(
    "div",
    { class: "table-frame" },
    h(
      "table",
      null,
      h("thead", null, row(head, "th")),
      h(
        "tbody",
        null,
        rest.map((cells) => row(cells, "td")),
      ),
    ),
  );
}
