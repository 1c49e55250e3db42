import type { Trace } from "../api/traces";
import { type CriticalPath, criticalPath } from "./critical-path";
import { type Extent, extentOf } from "./layout";
import { serviceColours } from "./services";
import { mendSkew } from "./skew";
import { buildTree, type SpanNode, type TraceTree, walk } from "./tree";

/** A trace, and what every part of the page asks of it. */
export interface PreparedTrace {
  tree: TraceTree;
  /** In the order of the rows when all are expanded. */
  nodes: Map<string, SpanNode>;
  extent: Extent;
  critical: CriticalPath;
  /** The colour of each service, in the order of the services' first spans. */
  colours: Map<string, string>;
  errorCount: number;
  /** Subtrees that were moved because clocks differ. */
  moved: number;
}

export function prepare(trace: Trace): PreparedTrace {
  const tree = buildTree(trace);
  const moved = mendSkew(tree);
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
    extent: extentOf(tree),
    critical: criticalPath(tree),
    colours: serviceColours(services),
    errorCount,
    moved,
  };
}
