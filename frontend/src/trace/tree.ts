import type { Process, Span, Trace } from "../api/trace";

export interface SpanNode {
  /** Unique in the tree: the span id, except for a placeholder. */
  id: string;
  /** Null for the placeholder of a parent that has not arrived. */
  span: Span | null;
  name: string;
  service: string;
  process: Process | null;
  /** Microseconds, with clock skew corrected. */
  start: number;
  duration: number;
  error: boolean;
  /** Whether any descendant has an error. */
  errorBelow: boolean;
  /** How far this span was moved to correct clock skew. */
  shift: number;
  parent: SpanNode | null;
  children: SpanNode[];
}

export interface TraceTree {
  traceId: string;
  roots: SpanNode[];
  spanCount: number;
  missingParents: number;
}

export function buildTree(trace: Trace): TraceTree {
  const nodes = new Map<string, SpanNode>();
  const parentIds = new Map<string, string>();
  for (const span of trace.spans) {
    if (nodes.has(span.spanID)) continue;
    nodes.set(span.spanID, toNode(span, trace));
    const parentId = parentOf(span);
    if (parentId) parentIds.set(span.spanID, parentId);
  }
  const circular = inCircles(parentIds);
  const roots: SpanNode[] = [];
  const placeholders = new Map<string, SpanNode>();
  for (const node of nodes.values()) {
    const parentId = parentIds.get(node.id);
    const parent = parentId && !circular.has(node.id) && nodes.get(parentId);
    if (!parentId) roots.push(node);
    else adopt(parent || placeholderFor(parentId, node, placeholders), node);
  }
  roots.push(...placeholders.values());
  roots.sort(byStart);
  const all = [...walk(roots)];
  // From the leaves to the roots, so that children come before their parents.
  for (const node of all.reverse()) {
    node.children.sort(byStart);
    if (node.parent && (node.error || node.errorBelow)) node.parent.errorBelow = true;
  }
  return {
    traceId: trace.traceID,
    roots,
    spanCount: nodes.size,
    missingParents: placeholders.size,
  };
}

/** All nodes, parents before their children. It does not recurse, so the depth does not matter. */
export function* walk(nodes: readonly SpanNode[]): Generator<SpanNode> {
  const waiting = nodes.toReversed();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    for (let index = node.children.length; index > 0; index--) {
      waiting.push(node.children[index - 1] as SpanNode);
    }
  }
}

export function tagOf(span: Span | null, key: string): string | number | boolean | undefined {
  return span?.tags.find((tag) => tag.key === key)?.value;
}

export function parentOf(span: Span): string | undefined {
  return span.references.find(
    ({ refType, traceID }) => refType === "CHILD_OF" && traceID === span.traceID,
  )?.spanID;
}

export function endOf({ start, duration }: { start: number; duration: number }): number {
  return start + duration;
}

/** A range of time, in microseconds. */
export interface TimeRange {
  start: number;
  duration: number;
}

export function timeRangeOf(tree: TraceTree): TimeRange {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const node of walk(tree.roots)) {
    start = Math.min(start, node.start);
    end = Math.max(end, endOf(node));
  }
  return Number.isFinite(start) ? { start, duration: end - start } : { start: 0, duration: 0 };
}

/** Orders spans by start. Clocks are coarse: of two with the same start, the shorter came first. */
export function byStart(a: SpanNode, b: SpanNode): number {
  return a.start - b.start || a.duration - b.duration;
}

function toNode(span: Span, trace: Trace): SpanNode {
  const process = trace.processes[span.processID] ?? null;
  return {
    id: span.spanID,
    span,
    name: span.operationName,
    service: process?.serviceName ?? "",
    process,
    start: span.startTime,
    duration: span.duration,
    error: tagOf(span, "error") === true,
    errorBelow: false,
    shift: 0,
    parent: null,
    children: [],
  };
}

function adopt(parent: SpanNode, child: SpanNode): void {
  child.parent = parent;
  parent.children.push(child);
}

/** A root in place of a missing parent. It covers the time of the spans that name it. */
function placeholderFor(
  parentId: string,
  orphan: SpanNode,
  placeholders: Map<string, SpanNode>,
): SpanNode {
  const placeholder = placeholders.get(parentId) ?? {
    id: `missing-${parentId}`,
    span: null,
    name: parentId,
    service: "",
    process: null,
    start: orphan.start,
    duration: orphan.duration,
    error: false,
    errorBelow: false,
    shift: 0,
    parent: null,
    children: [],
  };
  const end = Math.max(endOf(placeholder), endOf(orphan));
  placeholder.start = Math.min(placeholder.start, orphan.start);
  placeholder.duration = end - placeholder.start;
  placeholders.set(parentId, placeholder);
  return placeholder;
}

/** The ids of spans that are their own ancestors. */
function inCircles(parentIds: ReadonlyMap<string, string>): Set<string> {
  const circular = new Set<string>();
  const reachedFrom = new Map<string, string>();
  for (const start of parentIds.keys()) {
    let id: string | undefined = start;
    while (id !== undefined && !reachedFrom.has(id)) {
      reachedFrom.set(id, start);
      id = parentIds.get(id);
    }
    // A cycle only if this id was reached from this start, and not on an earlier walk.
    if (id === undefined || reachedFrom.get(id) !== start) continue;
    for (; id !== undefined && !circular.has(id); id = parentIds.get(id)) circular.add(id);
  }
  return circular;
}
