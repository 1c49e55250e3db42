import { followWallClock, now } from "./clock";
import { errorType, PAGE_LEFT } from "./error-type";
import type { SpanName } from "./names";
import type { Attributes, Context, Kind, OpenSpan, StartedSpan, Tracer } from "./tracer";

/** The context of a span, handed on as a value; null where nothing is traced. */
export type SpanContext = Context | null;

const UNTRACED: OpenSpan = { traceId: "", sampled: false, set() {}, fail() {} };

let tracer: Tracer | null = null;
const open = new Set<StartedSpan>();
/** Contexts of spans that have ended: what goes on after that is in no trace. */
const ended = new WeakSet<Context>();
/** Spans whose work is done, whatever is still awaited. */
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
 * Runs `fn` inside a span. The parent is an argument and never ambient: no browser carries an
 * ambient context across `await`, and concurrent searches would take each other's.
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

/** Headers that let the server's spans join the trace. */
export function traceHeaders(context: SpanContext): Record<string, string> {
  return tracer && context ? tracer.headers(context) : {};
}

/** Whether the server recorded its part of a trace, by its `traceresponse`; if it says so. */
export function serverSampled(response: Response): boolean | undefined {
  const flags = /-([0-9a-f]{2})$/.exec(response.headers.get("traceresponse") ?? "")?.[1];
  return flags === undefined ? undefined : (Number.parseInt(flags, 16) & 1) === 1;
}

/** Says that leaving the page no longer keeps a span's work from being done. */
export function settle(span: OpenSpan): void {
  settled.add(span);
}

/** Ends every span that is still open, children before their parents, as left unless settled. */
export function leaveOpenSpans(): void {
  const at = now();
  for (const started of [...open].reverse()) {
    if (!settled.has(started)) started.fail(PAGE_LEFT.errorType);
    end(started, at);
  }
}

export async function flushSpans(): Promise<void> {
  // A lost batch is the exporter's own affair; the page goes on.
  await tracer?.flush().catch(() => {});
}

function end(started: StartedSpan, at: number): void {
  if (!open.delete(started)) return;
  ended.add(started.context);
  started.end(at);
}
