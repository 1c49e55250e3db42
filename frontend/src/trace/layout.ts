import { type SpanNode, type TraceTree, walk } from "./tree";

export interface Row {
  node: SpanNode;
  level: number;
  position: number;
  setSize: number;
  expanded: boolean | null;
  /** An error that only a collapsed descendant has. */
  hiddenError: boolean;
  /** Shares of the trace's duration. */
  left: number;
  width: number;
}

export interface Extent {
  start: number;
  duration: number;
}

export function extentOf(tree: TraceTree): Extent {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const node of walk(tree.roots)) {
    start = Math.min(start, node.start);
    end = Math.max(end, node.start + node.duration);
  }
  return Number.isFinite(start) ? { start, duration: end - start } : { start: 0, duration: 0 };
}

/** The rows to show, top to bottom. */
export function layout(tree: TraceTree, collapsed: ReadonlySet<string>): Row[] {
  const extent = extentOf(tree);
  const scale = extent.duration || 1;
  const rows: Row[] = [];
  const add = (siblings: SpanNode[], level: number) => {
    siblings.forEach((node, index) => {
      const isCollapsed = collapsed.has(node.id);
      const hasChildren = node.children.length > 0;
      rows.push({
        node,
        level,
        position: index + 1,
        setSize: siblings.length,
        expanded: hasChildren ? !isCollapsed : null,
        hiddenError: isCollapsed && node.children.some(hasError),
        left: (node.start - extent.start) / scale,
        width: node.duration / scale,
      });
      if (!isCollapsed) add(node.children, level + 1);
    });
  };
  add(tree.roots, 1);
  return rows;
}

export type LabelSide = "after" | "before" | "inside";

/** Where a bar's label has room, so that it is cut off at neither edge. */
export function labelSide(left: number, width: number): LabelSide {
  if (left + width <= 0.8) return "after";
  return left >= 0.2 ? "before" : "inside";
}

const NICE_STEPS = [1, 2, 5, 10];

/** Round points in time for a ruler, in microseconds from the start. */
export function ticks(duration: number, most: number): number[] {
  if (duration <= 0) return [0];
  const rough = duration / most;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = magnitude * (NICE_STEPS.find((nice) => nice * magnitude >= rough) ?? 10);
  return Array.from({ length: Math.floor(duration / step) + 1 }, (_, index) => index * step);
}

function hasError(node: SpanNode): boolean {
  return node.error || node.children.some(hasError);
}
