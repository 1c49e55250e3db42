import { endOf, type SpanNode, type TimeRange, type TraceTree, tagOf } from "./tree";

/** A stretch of the critical path: what the trace waited for then was this span's own work. */
export interface Section extends TimeRange {
  node: SpanNode;
}

export interface CriticalPath {
  /** In the order of time, without gaps, from the root's start to its end. */
  sections: Section[];
  /** The same by the ids of their spans. */
  bySpan: Map<string, Section[]>;
  duration: number;
}

const MESSAGING = new Set<unknown>(["producer", "consumer"]);

interface Visit {
  node: SpanNode;
  /** What the span's parent leaves of its time. */
  start: number;
  /** Children that may still be on the path, the one that ends last at the end. */
  children: { node: SpanNode; start: number; end: number }[];
  /** From here on the path is known. */
  until: number;
}

/**
 * What would have to be faster for the trace to end sooner. The algorithm is that of Jaeger's page
 * (jaeger-ui, TracePage/CriticalPath): from the end of a span back to the child that ended last
 * before it, through that child, and from its start on in the same way. A child counts for as long
 * as its parent lasts, so that work that goes on afterwards is nobody's wait, and one that sends or
 * takes a message not at all. Other than there, a child may end at the very moment at which the
 * next one starts: clocks are coarse.
 */
export function criticalPath(tree: TraceTree): CriticalPath {
  const root = mainRoot(tree);
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

/** The root that lasts longest; a stand-in only where nothing else is there. */
function mainRoot({ roots }: TraceTree): SpanNode | undefined {
  const known = roots.filter(({ span }) => span);
  return (known.length > 0 ? known : roots).toSorted((a, b) => b.duration - a.duration)[0];
}

/** How long the trace waited for a span's own work. */
export function criticalTime({ bySpan }: CriticalPath, id: string): number {
  return (bySpan.get(id) ?? []).reduce((sum, { duration }) => sum + duration, 0);
}

/** Sections to draw: what the eye could not tell apart is one. */
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
    .filter(({ span }) => !MESSAGING.has(tagOf(span, "span.kind")))
    .map((child) => ({
      node: child,
      start: Math.max(child.start, start),
      end: Math.min(endOf(child), end),
    }))
    .filter((child) => child.start < child.end)
    .sort((a, b) => a.end - b.end || a.start - b.start);
  return { node, start, children, until: end };
}
