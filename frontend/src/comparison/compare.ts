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

/**
 * Aligns two traces by the path of names and services from the root. Where one of them begins at a
 * place inside the other, as a request without the page that made it, it is put there. Nothing is
 * lost of either.
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

/** Spans that belong to a place further down: `way` has the keys of the places above it. */
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

/** The keys of the places above the first one in `outer` that is like the only root of `inner`. */
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

/** A stand-in is called by the id of the span that is missing, which no other trace has. */
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

/** All places, as in the traces or those that differ most first. */
export function inOrder(nodes: readonly ComparedNode[], order: ComparedOrder): ComparedNode[] {
  const all = [...walkCompared(nodes)];
  if (order === "tree") return all;
  return all.sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference));
}
