import type { Process, Span, Trace } from "../api/traces";

export interface SpanNode {
  /** Unique in the tree; the span id but for a stand-in. */
  id: string;
  /** Null for the stand-in of a parent that never arrived. */
  span: Span | null;
  name: string;
  service: string;
  process: Process | null;
  /** Microseconds; moved by `skew` where clocks differ. */
  start: number;
  duration: number;
  error: boolean;
  /** How far this span was moved to mend its clock. */
  shift: number;
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
  for (const span of trace.spans) {
    if (!nodes.has(span.spanID)) nodes.set(span.spanID, toNode(span, trace));
  }
  const roots: SpanNode[] = [];
  const standIns = new Map<string, SpanNode>();
  for (const node of nodes.values()) {
    const parentId = node.span && parentOf(node.span);
    const parent = parentId && nodes.get(parentId);
    if (!parentId) roots.push(node);
    else if (parent && !inCycle(node, nodes)) parent.children.push(node);
    else adopt(standIns, parentId, node);
  }
  roots.push(...standIns.values());
  sortByStart(roots);
  return {
    traceId: trace.traceID,
    roots,
    spanCount: nodes.size,
    missingParents: standIns.size,
  };
}

export function* walk(nodes: readonly SpanNode[]): Generator<SpanNode> {
  for (const node of nodes) {
    yield node;
    yield* walk(node.children);
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
    shift: 0,
    children: [],
  };
}

/** Puts a span whose parent is missing under a root that stands in for that parent. */
function adopt(standIns: Map<string, SpanNode>, parentId: string, orphan: SpanNode): void {
  const standIn = standIns.get(parentId);
  if (!standIn) {
    standIns.set(parentId, {
      id: `missing-${parentId}`,
      span: null,
      name: parentId,
      service: "",
      process: null,
      start: orphan.start,
      duration: orphan.duration,
      error: false,
      shift: 0,
      children: [orphan],
    });
    return;
  }
  const end = Math.max(standIn.start + standIn.duration, orphan.start + orphan.duration);
  standIn.start = Math.min(standIn.start, orphan.start);
  standIn.duration = end - standIn.start;
  standIn.children.push(orphan);
}

function inCycle(node: SpanNode, nodes: Map<string, SpanNode>): boolean {
  const seen = new Set([node.id]);
  let current: SpanNode | undefined = node;
  while (current?.span) {
    const parentId = parentOf(current.span);
    if (!parentId) return false;
    if (parentId === node.id) return true;
    if (seen.has(parentId)) return false;
    seen.add(parentId);
    current = nodes.get(parentId);
  }
  return false;
}

/** Order spans by their starts. Clocks are coarse: of two that start at once, the shorter was first. */
export function byStart(a: SpanNode, b: SpanNode): number {
  return a.start - b.start || a.duration - b.duration;
}

function sortByStart(nodes: SpanNode[]): void {
  nodes.sort(byStart);
  for (const node of nodes) sortByStart(node.children);
}
