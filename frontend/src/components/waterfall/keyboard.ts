import type { Row } from "../../trace/layout";

export type GridAction = { type: "focus" | "toggle" | "select"; id: string };

/** What a key does in the tree grid, following the ARIA pattern. */
export function gridAction(key: string, rows: readonly Row[], at: number): GridAction | null {
  const row = rows[at];
  if (!row) return null;
  const focus = (index: number): GridAction | null => {
    const target = rows[index];
    return target ? { type: "focus", id: target.node.id } : null;
  };
  switch (key) {
    case "ArrowDown":
      return focus(at + 1);
    case "ArrowUp":
      return focus(at - 1);
    case "Home":
      return focus(0);
    case "End":
      return focus(rows.length - 1);
    case "ArrowRight":
      if (row.expanded === null) return null;
      return row.expanded ? focus(at + 1) : { type: "toggle", id: row.node.id };
    case "ArrowLeft":
      if (row.expanded) return { type: "toggle", id: row.node.id };
      return focus(rows.findLastIndex(({ level }, index) => index < at && level < row.level));
    case "Enter":
    case " ":
      return { type: "select", id: row.node.id };
    default:
      return null;
  }
}
