import type { Process, Scope, Span, Trace } from "../api/trace";
import { findCycles } from "./cycles";
import { isError, originOf, parentOf, type SpanKind, timesOf } from "./recorded";

export interface SpanNode {
  /** Unique in the tree: the span id, except for a placeholder. */
  id: string;
  /** Null for the placeholder of a parent that has not arrived. */
  span: Span | null;
  name: string;
  service: string;
  process: Process | null;
  scope: Scope | null;
  kind: SpanKind;
  /** Nanoseconds since the tree's origin. This is the recorded start plus `shift`. */
  start: number;
  /** Nanoseconds. */
  duration: number;
  error: boolean;
  /** Whether any descendant has an error. */
  errorBelow: boolean;
  /** How far a correction of the clocks moved the span, in nanoseconds. */
  shift: number;
  parent: SpanNode | null;
  children: SpanNode[];
}

export interface TraceTree {
  traceId: string;
  /** The zero of all times in the tree, in nanoseconds since 1970. */
  origin: bigint;
  roots: SpanNode[];
  /** The root as the API chooses it, for the list of traces too. Null if it is not there. */
  root: SpanNode | null;
  spanCount: number;
  missingParents: number;
  cycles: Cycle[];
}

/** Spans whose parent links form a cycle. */
export interface Cycle {
  /** The span that is shown as a root, without its parent. */
  cut: SpanNode;
  /** How many spans the cycle has. */
  spans: number;
}
export function buildTree(trace: Trace): TraceTree {
  const origin = originOf(trace.spans);
  const nodes = new Map<string, SpanNode>();
  const parentIds = new Map<string, string>();
  for (const span of trace.spans) {
    if (nodes.has(span.spanID)) continue;
    nodes.set(span.spanID, toNode(span, trace, origin));
    const parentId = parentOf(span);
    if (parentId) parentIds.set(span.spanID, parentId);
  }
  const root = nodes.get(trace.rootSpanID ?? "") ?? null;
  const cycles = findCycles(parentIds).map((ids) => cutCycle(ids, nodes, root));
  for (const { cut } of cycles) parentIds.delete(cut.id);
  const roots: SpanNode[] = [];
  const placeholders = new Map<string, SpanNode>();
  for (const node of nodes.values()) {
    const parentId = parentIds.get(node.id);
    if (!parentId) roots.push(node);
    else adopt(nodes.get(parentId) ?? placeholderFor(parentId, node, placeholders), node);
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
    origin,
    roots,
    root,
    spanCount: nodes.size,
    missingParents: placeholders.size,
    cycles,
  };
}

/** A cycle is cut at the root of the trace, or else at its earliest span. */
function cutCycle(
  ids: readonly string[],
  nodes: ReadonlyMap<string, SpanNode>,
  root: SpanNode | null,
): Cycle {
  const spans = ids.flatMap((id) => nodes.get(id) ?? []).sort(byStart);
  const cut = spans.find((node) => node === root) ?? (spans[0] as SpanNode);
  return { cut, spans: spans.length };
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

export function endOf({ start, duration }: { start: number; duration: number }): number {
  return start + duration;
}

/** A range of time, in nanoseconds. */
export interface TimeRange {
  start: number;
  duration: number;
}

/** Converts a time of the tree to milliseconds since 1970. */
export function millisecondsOf({ origin }: TraceTree, time: number): number {
  return Number(origin / 1_000_000n) + time / 1e6;
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

function toNode(span: Span, trace: Trace, origin: bigint): SpanNode {
  const process = trace.processes[span.processID] ?? null;
  return {
    id: span.spanID,
    span,
    name: span.operationName,
    service: process?.serviceName ?? "",
    process,
    scope: trace.scopes[span.scopeID] ?? null,
    kind: span.kind,
    ...timesOf(span, origin),
    error: isError(span),
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
    scope: null,
    kind: "unspecified" as const,
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
