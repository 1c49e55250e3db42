import { byStart, endOf, type SpanNode, type TraceTree, walk } from "./tree";

/**
 * Corrects clock skew. A subtree of another process that starts before or after the span that
 * called it is moved into the middle of that span, as if request and response had taken equally
 * long. Returns how many subtrees were moved.
 */
export function correctClockSkew(tree: TraceTree): number {
  let moved = 0;
  for (const parent of walk(tree.roots)) {
    for (const child of parent.children) {
      // A child moves with its parent, and its own children follow later.
      move(child, parent.shift);
      if (!crossesProcess(parent, child) || startsDuring(parent, child)) continue;
      const slack = Math.max(parent.duration - child.duration, 0);
      move(child, Math.round(parent.start + slack / 2 - child.start));
      moved += 1;
    }
    parent.children.sort(byStart);
  }
  return moved;
}

function crossesProcess(parent: SpanNode, child: SpanNode): boolean {
  return parent.span !== null && parent.span.processID !== child.span?.processID;
}

/** Only the start counts: a server may go on working after it has answered. */
function startsDuring(parent: SpanNode, child: SpanNode): boolean {
  return child.start >= parent.start && child.start <= endOf(parent);
}

function move(node: SpanNode, by: number): void {
  node.start += by;
  node.shift += by;
}
