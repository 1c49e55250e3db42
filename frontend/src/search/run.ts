import { get, parse } from "../api/http";
import { ProblemError } from "../api/problem";
import { errorType } from "../telemetry/error-type";
import { newTraceWhenReady } from "../telemetry/loader";
import type { SpanName } from "../telemetry/names";
import { flushSpans, type SpanContext, serverSampled, settle, span } from "../telemetry/span";
import type { Attributes, OpenSpan } from "../telemetry/tracer";
import { paint } from "./paint";

export interface TraceRef {
  /** Empty if neither side traced the search. */
  id: string;
  /** Whether the trace has spans of the browser, and of the server. */
  fromBrowser: boolean;
  fromServer: boolean;
}

/** Whether at least one side recorded the search. */
export function isSampled({ fromBrowser, fromServer }: TraceRef): boolean {
  return fromBrowser || fromServer;
}

/** The request of a search, and how its answer is read. */
export interface Search<Answer, Results> {
  attributes: Attributes;
  url(): URL;
  count(answer: Answer): number;
  present(answer: Answer): Results;
}

/** How the page shows a search. Each is called inside `flushSync`. */
export interface SearchView<Results> {
  loading(): void;
  done(results: Results, trace: TraceRef): void;
  failed(error: unknown, trace: TraceRef): void;
}

/** Runs one search as one trace. An aborted search shows nothing. */
export async function runSearch<Answer extends { trace_id: string | null }, Results>(
  { attributes, url, count, present }: Search<Answer, Results>,
  view: SearchView<Results>,
  signal: AbortSignal,
): Promise<void> {
  const trace = await newTraceWhenReady();
  if (signal.aborted) return;
  await span(trace, "frontend_search", attributes, async (context, search) => {
    const show = (name: SpanName, change: () => void) =>
      span(context, name, {}, (_, shown) =>
        paint(() => {
          change();
          settle(shown);
        }),
      );
    let response: Response | undefined;
    const finish = (answered: string, change: (trace: TraceRef) => void) =>
      show("update_ui_final", () => {
        change(traceRef(search, answered, response));
        settle(search);
      });
    // The request is sent while the loading state is drawn.
    const loading = show("update_ui_loading", view.loading);
    try {
      const address = await span(context, "prepare_api_request", {}, url);
      const answer = await execute<Answer>(context, address, signal, (begun) => {
        response = begun;
      });
      const found = { "search.results_count": count(answer) };
      const results = await span(context, "process_search_results", {}, (_, processing) => {
        processing.set(found);
        return present(answer);
      });
      search.set(found);
      await finish(answer.trace_id ?? "", (trace) => view.done(results, trace));
    } catch (error) {
      const cause: unknown = signal.aborted ? signal.reason : error;
      search.fail(errorType(cause));
      if (!signal.aborted) await finish(traceIdOf(error), (trace) => view.failed(error, trace));
      throw cause;
    } finally {
      await loading;
    }
  }).catch(() => {
    // Shown by the view, and recorded on the spans.
  });
  await flushSpans();
}

function execute<Answer>(
  context: SpanContext,
  url: URL,
  signal: AbortSignal,
  begun: (response: Response) => void,
): Promise<Answer> {
  return span(context, "api_request_execute", {}, async (context) => {
    const answer = await get(url, { parent: context, signal });
    begun(answer.response);
    const parsed = await span(context, "parse_response", {}, () => parse<Answer>(answer));
    if (parsed instanceof ProblemError) throw parsed;
    return parsed;
  });
}

function traceRef(search: OpenSpan, answered: string, response?: Response): TraceRef {
  // A server without `traceresponse` followed our decision. Without a trace of ours it recorded.
  const expected = search.sampled || !search.traceId;
  return {
    id: search.traceId || answered,
    fromBrowser: search.sampled,
    fromServer: (response && serverSampled(response)) ?? expected,
  };
}

function traceIdOf(error: unknown): string {
  return (error instanceof ProblemError && error.problem.trace_id) || "";
}
