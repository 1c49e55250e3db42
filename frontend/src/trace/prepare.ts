import type { Trace } from "../api/traces";
import { mendSkew } from "./skew";
import { buildTree, type TraceTree } from "./tree";

export interface PreparedTrace {
  tree: TraceTree;
  /** Subtrees that were moved because clocks differ. */
  moved: number;
}

export function prepare(trace: Trace): PreparedTrace {
  const tree = buildTree(trace);
  const moved = mendSkew(tree);
  return { tree, moved };
}
