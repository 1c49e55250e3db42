import { useMemo, useState } from "preact/hooks";
import type { PreparedTrace } from "../trace/prepare";
import type { SpanNode, TimeRange, TraceTree } from "../trace/tree";
import { layout, type Row } from "./layout";

export interface WaterfallState {
  rows: Row[];
  /** The row number of each span that is not inside a collapsed row. */
  places: Map<string, number>;
  /** The row in the tab order: the last one used. */
  current: number;
  /** The span to scroll into view; a new object each time. */
  revealed: { id: string } | null;
  /** The visible range of time, and whether that is less than the trace. */
  view: TimeRange;
  zoomed: boolean;
  setCurrent(id: string): void;
  toggle(id: string): void;
  collapseAll(): void;
  expandAll(): void;
  /** Expands the ancestors of a span, and scrolls it into view. */
  reveal(node: SpanNode): void;
  /** Null shows the whole trace. */
  zoom(time: TimeRange | null): void;
}

interface Zoomed {
  time: TimeRange;
  origin: bigint;
}

function onClockOf(tree: TraceTree, { time, origin }: Zoomed): TimeRange {
  return { ...time, start: time.start + Number(origin - tree.origin) };
}

/** The state of a waterfall: collapsed rows, current row, visible range. */
export function useWaterfall(
  { tree, nodes, timeRange }: PreparedTrace,
  selected: string | null,
): WaterfallState {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const [used, setUsed] = useState(selected);
  const [revealed, setRevealed] = useState(selected === null ? null : { id: selected });
  // An earlier span that arrives later changes the origin of the tree's times.
  const [zoomed, setZoomed] = useState<Zoomed | null>(null);
  const rows = useMemo(() => layout(tree, collapsed), [tree, collapsed]);
  const places = useMemo(() => new Map(rows.map(({ node }, place) => [node.id, place])), [rows]);
  return {
    rows,
    places,
    current: placeOf(used === null ? undefined : nodes.get(used), places),
    revealed,
    view: zoomed ? onClockOf(tree, zoomed) : timeRange,
    zoomed: zoomed !== null,
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
    zoom: (time) => setZoomed(time && { time, origin: tree.origin }),
  };
}

/** The row of a span, or of its nearest visible ancestor; the first row without a span. */
function placeOf(node: SpanNode | undefined, places: Map<string, number>): number {
  for (let at: SpanNode | null | undefined = node; at; at = at.parent) {
    const place = places.get(at.id);
    if (place !== undefined) return place;
  }
  return 0;
}
