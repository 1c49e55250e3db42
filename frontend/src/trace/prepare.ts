import type { Trace } from "../api/trace";
import { correctClockSkew } from "./clock-skew";
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
  /** How many subtrees were moved to correct clock skew. */
  moved: number;
}

export function prepare(trace: Trace): PreparedTrace {
  const tree = buildTree(trace);
  const moved = correctClockSkew(tree);
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
    moved,
  };
}
