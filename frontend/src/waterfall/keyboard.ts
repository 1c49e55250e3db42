import type { Row } from "./layout";

export type GridAction =
  | { type: "focus" | "toggle" | "select" | "zoom"; id: string }
  | { type: "whole" | "find" | "help" };

const PAGE = 10;

/** The action of a key in the tree grid: those of the ARIA pattern, and this grid's own. */
export function gridAction(key: string, rows: readonly Row[], at: number): GridAction | null {
  const row = rows[at];
  if (!row) return null;
  const { id, parent } = row.node;
  const focus = (index: number): GridAction | null => {
    const target = rows[Math.min(Math.max(index, 0), rows.length - 1)];
    return target && target !== row ? { type: "focus", id: target.node.id } : null;
  };
  switch (key) {
    case "ArrowDown":
      return focus(at + 1);
    case "ArrowUp":
      return focus(at - 1);
    case "PageDown":
      return focus(at + PAGE);
    case "PageUp":
      return focus(at - PAGE);
    case "Home":
      return focus(0);
    case "End":
      return focus(rows.length - 1);
    case "ArrowRight":
      if (row.expanded === null) return null;
      return row.expanded ? focus(at + 1) : { type: "toggle", id };
    case "ArrowLeft":
      if (row.expanded) return { type: "toggle", id };
      return parent && { type: "focus", id: parent.id };
    case "Enter":
    case " ":
      return { type: "select", id };
    case "z":
      return { type: "zoom", id };
    case "0":
    case "Escape":
      return { type: "whole" };
    case "/":
      return { type: "find" };
    case "?":
      return { type: "help" };
    default:
      return null;
  }
}
