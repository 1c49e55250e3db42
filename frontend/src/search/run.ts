import { ProblemError, readProblem } from "../api/problem";
import { SEARCH_METHOD, type SearchResponse, searchUrl } from "../api/search";
import type { OpenSpan } from "../telemetry/backend";
import { newTraceWhenReady } from "../telemetry/loader";
import { flushSpans, type SpanContext, span, traceHeaders } from "../telemetry/span";
import { paint } from "./paint";
import { present, type Results } from "./present";

export interface TraceRef {
  /** Empty where neither side traced the search. */
  id: string;
  /** Whether the browser's spans are in it. */
  fromBrowser: boolean;
}

/** How the page shows a search. Each is called inside `flushSync`. */
export interface SearchView {
  loading(): void;
  done(results: Results, trace: TraceRef): void;
  failed(error: unknown, trace: TraceRef): void;
}

interface HttpAnswer {
  response: Response;
  body: string;
}

/** One search, which is one trace. An aborted search shows nothing. */
export async function runSearch(
  query: string,
  view: SearchView,
  signal: AbortSignal,
): Promise<void> {
  const trace = await newTraceWhenReady();
  const attributes = { "search.query": query, "search.method": SEARCH_METHOD };
  await span(trace, "frontend_search", attributes, async (context, search) => {
    await span(context, "update_ui_loading", {}, () => paint(view.loading));
    const url = await span(context, "prepare_api_request", {}, () => searchUrl(query));
    try {
      const response = await execute(context, url, signal);
      const results = await span(context, "process_search_results", {}, (_, processing) => {
        processing.set({ "search.results_count": response.total_results });
        return present(response);
      });
      search.set({ "search.results_count": response.total_results });
      await span(context, "update_ui_final", {}, () =>
        paint(() => view.done(results, traceRef(search, response.trace_id))),
      );
    } catch (error) {
      if (!signal.aborted) {
        await span(context, "update_ui_final", {}, () =>
          paint(() => view.failed(error, traceRef(search, traceIdOf(error)))),
        );
      }
      throw error;
    }
  }).catch(() => {
    // Shown by the view, and recorded on the spans.
  });
  await flushSpans();
}

function execute(context: SpanContext, url: URL, signal: AbortSignal): Promise<SearchResponse> {
  return span(context, "api_request_execute", {}, async (context) => {
    const answer = await request(context, url, signal);
    const parsed = await span(context, "parse_response", {}, () => parse(answer));
    if (parsed instanceof ProblemError) throw parsed;
    return parsed;
  });
}

function request(context: SpanContext, url: URL, signal: AbortSignal): Promise<HttpAnswer> {
  const attributes = {
    "http.request.method": "GET",
    "url.full": url.href,
    "server.address": url.hostname,
    "server.port": Number(url.port) || (url.protocol === "https:" ? 443 : 80),
  };
  return span(
    context,
    "http_request",
    attributes,
    async (context, http) => {
      const headers = { accept: "application/json", ...traceHeaders(context) };
      const response = await fetch(url, { headers, signal });
      http.set({ "http.response.status_code": response.status });
      if (!response.ok) http.fail(String(response.status));
      return { response, body: await response.text() };
    },
    "client",
  );
}

function parse({ response, body }: HttpAnswer): SearchResponse | ProblemError {
  return response.ok
    ? (JSON.parse(body) as SearchResponse)
    : new ProblemError(readProblem(response, body));
}

function traceRef(search: OpenSpan, answered: string): TraceRef {
  return { id: search.traceId || answered, fromBrowser: search.traceId !== "" };
}

function traceIdOf(error: unknown): string {
  return (error instanceof ProblemError && error.problem.trace_id) || "";
}
