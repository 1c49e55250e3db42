import { byStart, type SpanNode, type TraceTree } from "../trace/tree";

/** The spans of one trace at the same place: siblings with the same name and service. */
export interface Side {
  count: number;
  errors: number;
  /** Nanoseconds, of all of them. */
  total: number;
}

export interface ComparedNode {
  /** The path of names and services from the root. */
  key: string;
  name: string;
  service: string;
  /** Whether this is a placeholder for parents that have not arrived. */
  missing: boolean;
  level: number;
  a: Side | null;
  b: Side | null;
  /** Total of the second trace minus total of the first, in nanoseconds. */
  difference: number;
  /** Total of the second by total of the first; null if either is missing or the first is 0. */
  ratio: number | null;
  children: ComparedNode[];
}

/**
 * Aligns two traces by the path of names and services from the root. If one of them begins at a
 * place inside the other, such as a request without the browser's spans, it is aligned there. All
 * spans of both traces are kept.
 */
export function compareTraces(a: TraceTree, b: TraceTree): ComparedNode[] {
  const inA = wayTo(a.roots, b.roots);
  const inB = wayTo(b.roots, a.roots);
  if (inA && (!inB || inA.length < inB.length)) {
    return align(a.roots, [], "", 1, { way: inA, a: [], b: b.roots });
  }
  if (inB && (!inA || inB.length < inA.length)) {
    return align([], b.roots, "", 1, { way: inB, a: a.roots, b: [] });
  }
  return align(a.roots, b.roots, "", 1);
}

/** Spans that belong further down the tree. `way` has the keys of the places above. */
interface Later {
  way: string[];
  a: SpanNode[];
  b: SpanNode[];
}

function align(
  a: SpanNode[],
  b: SpanNode[],
  path: string,
  level: number,
  later?: Later,
): ComparedNode[] {
  const isHere = later?.way.length === 0;
  const ofA = byKey(isHere ? [...a, ...later.a] : a);
  const ofB = byKey(isHere ? [...b, ...later.b] : b);
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
      children: align(
        childrenOf(left),
        childrenOf(right),
        whole,
        level + 1,
        later && later.way[0] === key ? { ...later, way: later.way.slice(1) } : undefined,
      ),
    };
  });
}

/** The keys above the first place in `outer` that matches the only root of `inner`, or null. */
function wayTo(outer: SpanNode[], inner: SpanNode[]): string[] | null {
  const [root, ...others] = inner;
  if (!root?.span || others.length > 0) return null;
  const wanted = keyOf(root);
  const find = (nodes: SpanNode[]): string[] | null => {
    if (nodes.some((node) => keyOf(node) === wanted)) return [];
    for (const node of nodes) {
      const below = find(node.children);
      if (below) return [keyOf(node), ...below];
    }
    return null;
  };
  return find(outer);
}

/** The order of the first trace. A key only in the second follows the same key as there. */
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

/** A placeholder is named by a span id, which no other trace has, so its key is empty. */
function keyOf({ span, name, service }: SpanNode): string {
  return span ? JSON.stringify([name, service]) : "";
}

function byKey(nodes: SpanNode[]): Map<string, SpanNode[]> {
  const groups = new Map<string, SpanNode[]>();
  for (const node of nodes) {
    const key = keyOf(node);
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

/** All places, in the order of the traces or by descending difference. */
export function inOrder(nodes: readonly ComparedNode[], order: ComparedOrder): ComparedNode[] {
  const all = [...walkCompared(nodes)];
  if (order === "tree") return all;
  return all.sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference));
}
