import { byStart, type SpanNode, type TraceTree } from "../trace/tree";

/** The spans of one trace that stand at the same place: siblings of one name and service. */
export interface Side {
  count: number;
  errors: number;
  /** Microseconds, of all of them. */
  total: number;
}

export interface ComparedNode {
  /** Its path of names and services from the root. */
  key: string;
  name: string;
  service: string;
  /** Stands in for parents that never arrived: no span itself. */
  missing: boolean;
  level: number;
  a: Side | null;
  b: Side | null;
  /** How many microseconds the second trace took more than the first, in total. */
  difference: number;
  /** Of the second to the first; null where one of them has no such span, or it took no time. */
  ratio: number | null;
  children: ComparedNode[];
}

/** Aligns two traces by the path of names and services from the root. Nothing is lost of either. */
export function compareTraces(a: TraceTree, b: TraceTree): ComparedNode[] {
  return align(a.roots, b.roots, "", 1);
}

function align(a: SpanNode[], b: SpanNode[], path: string, level: number): ComparedNode[] {
  const ofA = byKey(a);
  const ofB = byKey(b);
  return keysInOrder(ofA, ofB).map((key) => {
    const left = ofA.get(key) ?? [];
    const right = ofB.get(key) ?? [];
    const one = left[0] ?? right[0];
    const whole = `${path}/${key}`;
    const sides = { a: sideOf(left), b: sideOf(right) };
    return {
      key: whole,
      name: one?.span ? one.name : "",
      service: one?.service ?? "",
      missing: !one?.span,
      level,
      ...sides,
      difference: (sides.b?.total ?? 0) - (sides.a?.total ?? 0),
      ratio: sides.a && sides.b && sides.a.total > 0 ? sides.b.total / sides.a.total : null,
      children: align(childrenOf(left), childrenOf(right), whole, level + 1),
    };
  });
}

/** The first trace's order; what only the second has follows what it follows there. */
function keysInOrder(a: Map<string, unknown>, b: Map<string, unknown>): string[] {
  const keys = [...a.keys()];
  let at = 0;
  for (const key of b.keys()) {
    const known = keys.indexOf(key);
    if (known >= 0) at = known + 1;
    else keys.splice(at++, 0, key);
  }
  return keys;
}

function byKey(nodes: SpanNode[]): Map<string, SpanNode[]> {
  const groups = new Map<string, SpanNode[]>();
  for (const node of nodes) {
    // A stand-in is called by the id of the span that is missing, which no other trace has.
    const key = node.span ? JSON.stringify([node.name, node.service]) : "";
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return groups;
}

function sideOf(nodes: SpanNode[]): Side | null {
  if (nodes.length === 0) return null;
  return {
    count: nodes.filter(({ span }) => span).length,
    errors: nodes.filter(({ error }) => error).length,
    total: nodes.reduce((sum, { duration }) => sum + duration, 0),
  };
}

function childrenOf(nodes: SpanNode[]): SpanNode[] {
  return nodes.flatMap(({ children }) => children).sort(byStart);
}

export function* walkCompared(nodes: readonly ComparedNode[]): Generator<ComparedNode> {
  for (const node of nodes) {
    yield node;
    yield* walkCompared(node.children);
  }
}

export type ComparedOrder = "tree" | "difference";

/** All places, as in the traces or those that differ most first. */
export function inOrder(nodes: readonly ComparedNode[], order: ComparedOrder): ComparedNode[] {
  const all = [...walkCompared(nodes)];
  if (order === "tree") return all;
  return all.sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference));
}
