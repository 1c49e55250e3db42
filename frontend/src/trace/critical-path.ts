import type { SpanKind } from "./recorded";
import { endOf, type SpanNode, type TimeRange, type TraceTree } from "./tree";

/** A section of the critical path, during which the trace waited for this span's own work. */
export interface Section extends TimeRange {
  node: SpanNode;
}

export interface CriticalPath {
  /** In order of time, without gaps, from the start of the root to its end. */
  sections: Section[];
  /** The same sections by span id. */
  bySpan: Map<string, Section[]>;
  duration: number;
}

const MESSAGING = new Set<SpanKind>(["producer", "consumer"]);

interface Visit {
  node: SpanNode;
  /** Clipped to the time of the parent. */
  start: number;
  /** Children that may still be on the path, ordered by their ends. */
  children: { node: SpanNode; start: number; end: number }[];
  /** The path is known from here on. */
  until: number;
}

/**
 * The critical path: what would have to be faster for the trace to end sooner. The algorithm is
 * Jaeger's (jaeger-ui, TracePage/CriticalPath): from the end of a span go back to the child that
 * ended last, through that child, and on from its start in the same way. Children are clipped to
 * their parent, since nothing waits for what goes on afterwards. Producer and consumer spans do not
 * count. Unlike Jaeger's, a child may end exactly when the next one starts: clocks are coarse.
 */
export function criticalPath(tree: TraceTree): CriticalPath {
  const root = topRoot(tree);
  const sections: Section[] = [];
  const take = ({ node, until }: Visit, start: number) => {
    if (start < until) sections.push({ node, start, duration: until - start });
  };
  const visits = root ? [visit(root, root.start, endOf(root))] : [];
  while (visits.length > 0) {
    const current = visits.at(-1) as Visit;
    const child = current.children.pop();
    if (!child) {
      take(current, current.start);
      visits.pop();
    } else if (child.end <= current.until) {
      take(current, child.end);
      current.until = child.start;
      visits.push(visit(child.node, child.start, child.end));
    }
  }
  sections.reverse();
  const bySpan = new Map<string, Section[]>();
  for (const section of sections) {
    const held = bySpan.get(section.node.id);
    if (held) held.push(section);
    else bySpan.set(section.node.id, [section]);
  }
  return { sections, bySpan, duration: root?.duration ?? 0 };
}

/** The top of the tree that has the trace's root. The first root if the trace has none. */
function topRoot({ root, roots }: TraceTree): SpanNode | undefined {
  let top = root;
  while (top?.parent) top = top.parent;
  return top ?? roots[0];
}

/** How long the trace waited for a span's own work. */
export function criticalTime({ bySpan }: CriticalPath, id: string): number {
  return (bySpan.get(id) ?? []).reduce((sum, { duration }) => sum + duration, 0);
}

/** The sections to draw. Those closer together than `least` are merged. */
export function drawnSections(sections: readonly Section[], least: number): TimeRange[] {
  const drawn: TimeRange[] = [];
  for (const { start, duration } of sections) {
    const last = drawn.at(-1);
    if (last && start - endOf(last) < least) last.duration = start + duration - last.start;
    else drawn.push({ start, duration });
  }
  return drawn;
}

function visit(node: SpanNode, start: number, end: number): Visit {
  const children = node.children
    .filter(({ kind }) => !MESSAGING.has(kind))
    .map((child) => ({
      node: child,
      start: Math.max(child.start, start),
      end: Math.min(endOf(child), end),
    }))
    .filter((child) => child.start < child.end)
    .sort((a, b) => a.end - b.end || a.start - b.start);
  return { node, start, children, until: end };
}
