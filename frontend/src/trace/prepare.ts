import type { Trace } from "../api/trace";
import { type ClockSkew, correctClockSkew, findClockSkew } from "./clock-skew";
import { type CriticalPath, criticalPath } from "./critical-path";
import { serviceColours } from "./service-colours";
import {
  buildTree,
  type SpanNode,
  type TimeRange,
  type TraceTree,
  timeRangeOf,
  walk,
} from "./tree";

/** How many spans of a trace are missing from the store's answer, by reason. */
export interface MissingSpans {
  /** The trace was full. */
  full: number;
  /** Another span with the same id and different contents arrived first. */
  conflicting: number;
  /** The store cannot decode them. */
  unreadable: number;
}

/** A trace, with what the page computes from it once. */
export interface PreparedTrace {
  tree: TraceTree;
  /** In the order of the rows when every row is expanded. */
  nodes: Map<string, SpanNode>;
  timeRange: TimeRange;
  critical: CriticalPath;
  /** The colour of each service, in the order of the services' first spans. */
  colours: Map<string, string>;
  errorCount: number;
  skew: ClockSkew;
  /** Whether the skew is corrected in the tree. */
  corrected: boolean;
  missing: MissingSpans;
}

/** Prepares a trace as it was recorded, or with its clock skew corrected. */
export function prepare(trace: Trace, corrected = false): PreparedTrace {
  const tree = buildTree(trace);
  const skew = corrected ? correctClockSkew(tree) : findClockSkew(tree);
  const nodes = new Map<string, SpanNode>();
  const services = new Set<string>();
  let errorCount = 0;
  for (const node of walk(tree.roots)) {
    nodes.set(node.id, node);
    if (node.service) services.add(node.service);
    if (node.error) errorCount += 1;
  }
  return {
    tree,
    nodes,
    timeRange: timeRangeOf(tree),
    critical: criticalPath(tree),
    colours: serviceColours(services),
    errorCount,
    skew,
    corrected,
    missing: {
      full: trace.droppedSpansCount,
      conflicting: trace.conflictingSpansCount,
      unreadable: trace.unreadableSpansCount,
    },
  };
}
