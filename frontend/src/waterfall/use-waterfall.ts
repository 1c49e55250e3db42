import { useMemo, useState } from "preact/hooks";
import type { PreparedTrace } from "../trace/prepare";
import type { SpanNode, TimeRange } from "../trace/tree";
import { layout, type Row } from "./layout";

export interface WaterfallState {
  rows: Row[];
  /** The number of each span's row, of those that are not folded away. */
  places: Map<string, number>;
  /** The row that takes part in the tab order: the last one used. */
  current: number;
  /** What was last brought into view other than by the keyboard; a new object each time. */
  revealed: { id: string } | null;
  /** The time that the ruler shows, and whether that is less than the trace. */
  view: TimeRange;
  zoomed: boolean;
  setCurrent(id: string): void;
  toggle(id: string): void;
  collapseAll(): void;
  expandAll(): void;
  /** Opens what a row is folded into, and brings it into view. */
  reveal(node: SpanNode): void;
  /** Without a time: all of it. */
  zoom(time: TimeRange | null): void;
}

/** How a trace is being looked at. */
export function useWaterfall(
  { tree, nodes, timeRange }: PreparedTrace,
  selected: string | null,
): WaterfallState {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [used, setUsed] = useState(selected);
  const [revealed, setRevealed] = useState(selected === null ? null : { id: selected });
  const [time, setTime] = useState<TimeRange | null>(null);
  const rows = useMemo(() => layout(tree, collapsed), [tree, collapsed]);
  const places = useMemo(() => new Map(rows.map(({ node }, place) => [node.id, place])), [rows]);
  return {
    rows,
    places,
    current: placeOf(used === null ? undefined : nodes.get(used), places),
    revealed,
    view: time ?? timeRange,
    zoomed: time !== null,
    setCurrent: setUsed,
    toggle(id) {
      const next = new Set(collapsed);
      if (!next.delete(id)) next.add(id);
      setCollapsed(next);
    },
    collapseAll() {
      const parents = Array.from(nodes.values()).filter(({ children }) => children.length > 0);
      setCollapsed(new Set(parents.map(({ id }) => id)));
    },
    expandAll: () => setCollapsed(new Set()),
    reveal(node) {
      const next = new Set(collapsed);
      for (let above = node.parent; above; above = above.parent) next.delete(above.id);
      if (next.size < collapsed.size) setCollapsed(next);
      setUsed(node.id);
      setRevealed({ id: node.id });
    },
    zoom: setTime,
  };
}

/** The row of a span, or of what it is folded into; the first one without a span. */
function placeOf(node: SpanNode | undefined, places: Map<string, number>): number {
  for (let at: SpanNode | null | undefined = node; at; at = at.parent) {
    const place = places.get(at.id);
    if (place !== undefined) return place;
  }
  return 0;
}
