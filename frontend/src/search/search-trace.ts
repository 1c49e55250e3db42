import type { Trace } from "../api/trace";
import { neededShift } from "../trace/clock-skew";
import { endOf, type SpanNode, type TraceTree, walk } from "../trace/tree";
import type { TraceRef } from "./run";

/** Returns a function that says whether the trace of a search is complete. */
export function isCompleteFor({ fromBrowser, fromServer }: TraceRef): (trace: Trace) => boolean {
  if (!fromServer) return hasBrowserRoot;
  return fromBrowser ? hasBothSides : hasServerSpan;
}

export function hasServerSpan(trace: Trace): boolean {
  return trace.spans.some(({ kind }) => kind === "server");
}

export function hasBothSides(trace: Trace): boolean {
  return hasBrowserRoot(trace) && hasServerSpan(trace);
}

function hasBrowserRoot(trace: Trace): boolean {
  return trace.spans.some((span) => span.operationName === "frontend_search");
}

/** The parts of a search's time, from the browser inwards. */
export type TimePart = "browser" | "network" | "server" | "search";

export interface TimeSplit {
  /** Nanoseconds. */
  total: number;
  /** Undefined if the spans that show it are missing. */
  parts: Record<TimePart, number | undefined>;
}

/** Where the time of one search went, in nanoseconds. */
export function splitTime(tree: TraceTree): TimeSplit | null {
  const spans = [...walk(tree.roots)].filter(({ span }) => span !== null);
  const browser = spans.find(({ name }) => name === "frontend_search");
  const client = find(browser, ({ name }) => name === "http_request");
  const server = spans.find(({ kind }) => kind === "server");
  const search = find(server, ({ name }) => name === "perform_search");
  const total = browser ?? server;
  // A server span may end a little after the browser has received the response.
  const answered = server && (client ? overlap(client, server) : server.duration);
  if (!total) return null;
  return {
    total: total.duration,
    parts: {
      browser: browser && without(browser.duration, client?.duration),
      network: client && server && without(client.duration, answered),
      server: answered && without(answered, search?.duration),
      search: search?.duration,
    },
  };
}

function without(complete: number, part = 0): number {
  return Math.max(complete - part, 0);
}

/** How long the client span waited for the server span. Clock skew does not matter. */
function overlap(client: SpanNode, server: SpanNode): number {
  const start = server.start + neededShift(client, server);
  const end = Math.min(endOf(client), start + server.duration);
  return Math.max(end - Math.max(client.start, start), 0);
}

function find(
  root: SpanNode | undefined,
  matches: (node: SpanNode) => boolean,
): SpanNode | undefined {
  for (const node of walk(root ? [root] : [])) if (matches(node)) return node;
  return undefined;
}
