import { byStart, endOf, type SpanNode, type TraceTree, walk } from "./tree";

/**
 * Moves every subtree of another process that starts before or after the span that called it,
 * which only differing clocks can explain, into the middle of that span: the way there and the
 * way back are then taken to be equally long. Returns how many subtrees were moved.
 */
export function correctClockSkew(tree: TraceTree): number {
  let moved = 0;
  for (const parent of walk(tree.roots)) {
    for (const child of parent.children) {
      // A child goes where its parent went, and its own children will follow it.
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

/** An end after the caller's proves nothing: servers finish their own work after they answer. */
function startsDuring(parent: SpanNode, child: SpanNode): boolean {
  return child.start >= parent.start && child.start <= endOf(parent);
}

function move(node: SpanNode, by: number): void {
  node.start += by;
  node.shift += by;
}
