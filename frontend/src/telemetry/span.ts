import { followWallClock, now } from "./clock";
import { errorType, PAGE_LEFT } from "./error-type";
import type { SpanName } from "./names";
import type { Attributes, Context, Kind, OpenSpan, StartedSpan, Tracer } from "./tracer";

/** The context of a span, passed as a value; null if nothing is traced. */
export type SpanContext = Context | null;

const UNTRACED: OpenSpan = { traceId: "", sampled: false, set() {}, fail() {} };

let tracer: Tracer | null = null;
const open = new Set<StartedSpan>();
/** Contexts of spans that have ended. Later work below them is not traced. */
const ended = new WeakSet<Context>();
/** Spans whose work is done, even if they have not ended. */
const settled = new WeakSet<OpenSpan>();

export function installTracer(installed: Tracer | null): void {
  tracer = installed;
}

/** The parent of a new trace. */
export function newTrace(): SpanContext {
  followWallClock();
  return tracer?.root ?? null;
}

/**
 * Runs `fn` inside a span. The parent is always an argument: browsers do not carry an ambient
 * context across `await`, and concurrent searches would mix up their parents.
 */
export async function span<T>(
  parent: SpanContext,
  name: SpanName,
  attributes: Attributes,
  fn: (context: SpanContext, span: OpenSpan) => T | Promise<T>,
  kind: Kind = "internal",
): Promise<T> {
  if (!tracer || !parent || ended.has(parent)) return fn(null, UNTRACED);
  const started = tracer.start(parent, name, kind, attributes, now());
  open.add(started);
  try {
    return await fn(started.context, started);
  } catch (error) {
    started.fail(errorType(error));
    throw error;
  } finally {
    end(started, now());
  }
}

/** Headers that pass the trace context to the server. */
export function traceHeaders(context: SpanContext): Record<string, string> {
  return tracer && context ? tracer.headers(context) : {};
}

/** Whether the server sampled the trace, from its `traceresponse` header; undefined without one. */
export function serverSampled(response: Response): boolean | undefined {
  const flags = /-([0-9a-f]{2})$/.exec(response.headers.get("traceresponse") ?? "")?.[1];
  return flags === undefined ? undefined : (Number.parseInt(flags, 16) & 1) === 1;
}

/** Marks a span's work as done: closing the page is then no error. */
export function settle(span: OpenSpan): void {
  settled.add(span);
}

/** Ends all open spans, children before parents. Those not settled fail with `page_left`. */
export function leaveOpenSpans(): void {
  const at = now();
  for (const started of [...open].reverse()) {
    if (!settled.has(started)) started.fail(PAGE_LEFT.errorType);
    end(started, at);
  }
}

export async function flushSpans(): Promise<void> {
  // The exporter handles a lost batch; the page goes on.
  await tracer?.flush().catch(() => {});
}

function end(started: StartedSpan, at: number): void {
  if (!open.delete(started)) return;
  ended.add(started.context);
  started.end(at);
}
