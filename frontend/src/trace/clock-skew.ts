import { byStart, endOf, type SpanNode, type TimeRange, type TraceTree, walk } from "./tree";

/**
 * How far a server span may lie outside its client span before a correction is offered, in
 * nanoseconds. Browsers round their clocks to up to a millisecond, and a server may end its span
 * shortly after it sent the answer. Neither is clock skew.
 */
export const TOLERANCE_NS = 1_000_000;

/** Server spans that lie outside the client spans that called them. */
export interface ClockSkew {
  servers: number;
  /** How many of them are longer than their client spans, so that they cannot lie inside. */
  longer: number;
  /** The largest shift that puts one of them right, in nanoseconds. */
  farthest: number;
}

/** Finds clock skew in the recorded times. Nothing is moved. */
export function findClockSkew(tree: TraceTree): ClockSkew {
  const skew: ClockSkew = { servers: 0, longer: 0, farthest: 0 };
  for (const node of walk(tree.roots)) count(skew, node, shiftOf(node));
  return skew;
}

/**
 * Moves each server span into its client span by the smallest shift. The spans below it that are of
 * the same process move with it, because they share its clock. Returns what was moved. This includes
 * server spans that lie outside only after their client span was moved.
 */
export function correctClockSkew(tree: TraceTree): ClockSkew {
  const moved: ClockSkew = { servers: 0, longer: 0, farthest: 0 };
  // Parents come first, so a client span has its final place before its server spans are compared.
  for (const server of walk(tree.roots)) {
    const shift = shiftOf(server);
    count(moved, server, shift);
    if (shift !== 0) for (const node of sameProcess(server)) move(node, shift);
  }
  for (const node of walk(tree.roots)) node.children.sort(byStart);
  return moved;
}

/**
 * The smallest shift that puts a server span into its client span, in nanoseconds, or 0 within the
 * tolerance. A longer server span may outlast a client that gave up. It is moved only if it starts
 * too early, because a server cannot start before it is called. Jaeger does the same.
 */
export function neededShift(client: TimeRange, server: TimeRange): number {
  const early = client.start - server.start;
  const late = endOf(server) - endOf(client);
  if (early > TOLERANCE_NS) return early;
  return late > TOLERANCE_NS && server.duration <= client.duration ? -late : 0;
}

/** The shift of a server span that another process called. 0 for any other span. */
function shiftOf(server: SpanNode): number {
  const client = server.parent;
  const isCalled =
    server.kind === "server" &&
    client?.kind === "client" &&
    client.span?.processID !== server.span?.processID;
  if (!isCalled) return 0;
  const shift = neededShift(client, server);
  // A server span recorded after the end of its client span is asynchronous work.
  return shift < 0 && recordedStart(server) > recordedStart(client) + client.duration ? 0 : shift;
}

function recordedStart({ start, shift }: SpanNode): number {
  return start - shift;
}

function count(skew: ClockSkew, server: SpanNode, shift: number): void {
  if (shift === 0) return;
  skew.servers += 1;
  if (server.duration > (server.parent?.duration ?? 0)) skew.longer += 1;
  skew.farthest = Math.max(skew.farthest, Math.abs(shift));
}

/** A span, and the spans below it that are reached without leaving its process. */
function* sameProcess(top: SpanNode): Generator<SpanNode> {
  const waiting = [top];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    for (const child of node.children) {
      if (child.span?.processID === top.span?.processID) waiting.push(child);
    }
  }
}

function move(node: SpanNode, by: number): void {
  node.start += by;
  node.shift += by;
}
