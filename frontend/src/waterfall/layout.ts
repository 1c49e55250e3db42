import { endOf, type SpanNode, type TimeRange, type TraceTree } from "../trace/tree";

export interface Row {
  node: SpanNode;
  level: number;
  position: number;
  setSize: number;
  /** Null if there is nothing to expand. */
  expanded: boolean | null;
}

/** The rows to show, top to bottom. */
export function layout(tree: TraceTree, collapsed: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const waiting: Row[] = [];
  const add = (siblings: SpanNode[], level: number) => {
    for (let position = siblings.length; position > 0; position--) {
      const node = siblings[position - 1] as SpanNode;
      const expanded = node.children.length > 0 ? !collapsed.has(node.id) : null;
      waiting.push({ node, level, position, setSize: siblings.length, expanded });
    }
  };
  add(tree.roots, 1);
  for (let row = waiting.pop(); row; row = waiting.pop()) {
    rows.push(row);
    if (row.expanded) add(row.node.children, row.level + 1);
  }
  return rows;
}

/** The position of a bar in shares of the visible range, and which parts of it are not visible. */
export interface Place {
  left: number;
  width: number;
  beyond: "before" | "after" | null;
  cutLeft: boolean;
  cutRight: boolean;
}

export function placeIn(view: TimeRange, bar: TimeRange): Place {
  const scale = view.duration || 1;
  const from = (bar.start - view.start) / scale;
  const to = (endOf(bar) - view.start) / scale;
  const left = Math.min(Math.max(from, 0), 1);
  return {
    left,
    width: Math.min(Math.max(to, 0), 1) - left,
    beyond: to < 0 ? "before" : from > 1 ? "after" : null,
    cutLeft: from < 0 && to >= 0,
    cutRight: to > 1 && from <= 1,
  };
}

export type LabelSide = "after" | "before" | "inside";

/** The side of a bar where its label fits. */
export function labelSide(left: number, width: number): LabelSide {
  if (left + width <= 0.8) return "after";
  return left >= 0.2 ? "before" : "inside";
}

const NICE_STEPS = [1, 2, 5, 10];

/** Round times for a ruler, in whole nanoseconds from its start. */
export function ticks(duration: number, most: number): number[] {
  if (duration <= 0) return [0];
  const rough = duration / most;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const nice = NICE_STEPS.find((each) => each * magnitude >= rough) ?? 10;
  const step = Math.max(nice * magnitude, 1);
  return Array.from({ length: Math.floor(duration / step) + 1 }, (_, index) => index * step);
}
