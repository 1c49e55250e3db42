// @vitest-environment jsdom
import { SpanStatusCode } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProblemError } from "../../src/api/problem";
import type { SearchResponse } from "../../src/api/search";
import { searchFor, searchUrl } from "../../src/search/address";
import { present, type Results } from "../../src/search/results";
import { runSearch, type Search, type SearchView } from "../../src/search/run";
import { SUPERSEDED } from "../../src/telemetry/error-type";
import { installTracer, leaveOpenSpans } from "../../src/telemetry/span";
import { recordSpans, spanNamed, treeOf } from "../telemetry/recorder";

vi.mock("../../src/telemetry/loader", async () => {
  const { newTrace } = await import("../../src/telemetry/span");
  return { newTraceWhenReady: async () => newTrace() };
});

const ANSWER: SearchResponse = {
  query: "love",
  method: "bm25",
  total_results: 1,
  results: [
    {
      id: "austen-emma",
      title: "Emma",
      author: "Jane Austen",
      year: 1816,
      score: 0.25,
      snippet: "in love",
      passages_count: 1,
      passages: [{ start: 10, end: 17, text: "in love", highlights: [{ start: 3, end: 7 }] }],
    },
  ],
  authors: [{ name: "Jane Austen", books: 1 }],
  did_you_mean: null,
  notices: [],
  partial: false,
  trace_id: "0".repeat(32),
};

const fetchMock = vi.fn<typeof fetch>();
let exporter = recordSpans();
let view: SearchView<Results>;
const LOVE: Search<SearchResponse, Results> = {
  attributes: { "search.query": "love", "search.method": "bm25" },
  url: () => searchUrl(searchFor("love")),
  count: ({ total_results }) => total_results,
  present,
};
beforeEach(() => {
  exporter = recordSpans();
  view = { loading: vi.fn(), done: vi.fn(), failed: vi.fn() };
  vi.stubGlobal("fetch", fetchMock);
});
afterEach(() => installTracer(null));

const json = (body: unknown, status: number, type: string) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": type } });
const search = (signal = new AbortController().signal) => runSearch(LOVE, view, signal);
const spanNames = () => exporter.getFinishedSpans().map(({ name }) => name);
const failedSpans = () =>
  exporter
    .getFinishedSpans()
    .filter(({ status }) => status.code === SpanStatusCode.ERROR)
    .map(({ name, attributes }) => [name, attributes["error.type"]]);

test("a search is one tree of eight spans", async () => {
  fetchMock.mockResolvedValue(json(ANSWER, 200, "application/json"));
  await search();
  expect(treeOf(exporter)).toEqual([
    "frontend_search",
    "  update_ui_loading",
    "  prepare_api_request",
    "  api_request_execute",
    "    http_request",
    "    parse_response",
    "  process_search_results",
    "  update_ui_final",
  ]);
  expect(failedSpans()).toEqual([]);
  const attributes = (name: string) => spanNamed(exporter, name).attributes;
  expect(attributes("frontend_search")).toEqual({
    "search.query": "love",
    "search.method": "bm25",
    "search.results_count": 1,
  });
  expect(attributes("http_request")).toEqual({
    "http.request.method": "GET",
    "url.full": "http://localhost:3000/search?q=love&method=bm25&limit=20",
    "server.address": "localhost",
    "server.port": 3000,
    "http.response.status_code": 200,
  });
  expect(attributes("process_search_results")).toEqual({ "search.results_count": 1 });
  for (const name of ["update_ui_loading", "prepare_api_request", "parse_response"]) {
    expect(attributes(name)).toEqual({});
  }
});

test("the request continues the trace that the view is told", async () => {
  fetchMock.mockResolvedValue(json(ANSWER, 200, "application/json"));
  await search();
  const { traceId, spanId } = spanNamed(exporter, "http_request").spanContext();
  const headers = fetchMock.mock.lastCall?.[1]?.headers;
  expect(headers).toMatchObject({ traceparent: `00-${traceId}-${spanId}-01` });
  const trace = { id: traceId, fromBrowser: true, fromServer: true };
  expect(view.done).toHaveBeenCalledWith(expect.anything(), trace);
});

test("an error answer is parsed, shown and recorded", async () => {
  const problem = { title: "Bad Request", status: 400, detail: "Empty query." };
  fetchMock.mockResolvedValue(json(problem, 400, "application/problem+json"));
  await search();
  expect(treeOf(exporter)).toEqual([
    "frontend_search",
    "  update_ui_loading",
    "  prepare_api_request",
    "  api_request_execute",
    "    http_request",
    "    parse_response",
    "  update_ui_final",
  ]);
  expect(failedSpans()).toEqual([
    ["http_request", "400"],
    ["api_request_execute", "400"],
    ["frontend_search", "400"],
  ]);
  const error = vi.mocked(view.failed).mock.lastCall?.[0];
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as ProblemError).problem.detail).toBe("Empty query.");
});

test("a network failure has the name of its exception", async () => {
  fetchMock.mockRejectedValue(new TypeError("Failed to fetch"));
  await search();
  expect(failedSpans()).toEqual([
    ["http_request", "TypeError"],
    ["api_request_execute", "TypeError"],
    ["frontend_search", "TypeError"],
  ]);
  expect(treeOf(exporter)).toContain("  update_ui_final");
  expect(spanNamed(exporter, "http_request").events).toEqual([]);
});

test("a search that is overtaken ends its spans, which say so, and shows nothing", async () => {
  fetchMock.mockImplementation(
    (_, init) =>
      new Promise((_, reject) => {
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      }),
  );
  const controller = new AbortController();
  const ended = search(controller.signal);
  await vi.waitFor(() => expect(fetchMock).toHaveBeenCalled());
  controller.abort(SUPERSEDED);
  await ended;
  expect(failedSpans()).toEqual([
    ["http_request", "superseded"],
    ["api_request_execute", "superseded"],
    ["frontend_search", "superseded"],
  ]);
  expect(treeOf(exporter)).not.toContain("  update_ui_final");
  expect(view.failed).not.toHaveBeenCalled();
});

test("untraced, the answer tells the trace's id", async () => {
  installTracer(null);
  fetchMock.mockResolvedValue(json(ANSWER, 200, "application/json"));
  await search();
  const trace = { id: ANSWER.trace_id, fromBrowser: false, fromServer: true };
  expect(view.done).toHaveBeenCalledWith(expect.objectContaining({ total: 1 }), trace);
});

test("one that is overtaken while its answer is read says so too", async () => {
  const controller = new AbortController();
  fetchMock.mockImplementation(async () => {
    controller.abort(SUPERSEDED);
    // What browsers have thrown here is no reason of ours.
    const body = new ReadableStream({
      pull: () => Promise.reject(new DOMException("", "AbortError")),
    });
    return new Response(body);
  });
  await search(controller.signal);
  expect(failedSpans()).toEqual([
    ["http_request", "AbortError"],
    ["api_request_execute", "AbortError"],
    ["frontend_search", "superseded"],
  ]);
});

test("a search that is overtaken before it begins leaves no trace and shows nothing", async () => {
  await search(AbortSignal.abort(SUPERSEDED));
  expect(exporter.getFinishedSpans()).toEqual([]);
  expect(view.loading).not.toHaveBeenCalled();
});

test.each([
  [1, undefined, { fromBrowser: true, fromServer: true }],
  [1, "01", { fromBrowser: true, fromServer: true }],
  [1, "03", { fromBrowser: true, fromServer: true }],
  [1, "00", { fromBrowser: true, fromServer: false }],
  [1, "02", { fromBrowser: true, fromServer: false }],
  [0, undefined, { fromBrowser: false, fromServer: false }],
  [0, "00", { fromBrowser: false, fromServer: false }],
  [0, "01", { fromBrowser: false, fromServer: true }],
])("of a page that samples %d and a server that says %s", async (share, flags, recorded) => {
  exporter = recordSpans(share);
  const answer = json(ANSWER, 200, "application/json");
  if (flags) answer.headers.set("traceresponse", `00-${"a".repeat(32)}-${"b".repeat(16)}-${flags}`);
  fetchMock.mockResolvedValue(answer);
  await search();
  const told = vi.mocked(view.done).mock.lastCall?.[1];
  expect(told).toEqual({ id: expect.stringMatching(/^[0-9a-f]{32}$/), ...recorded });
  expect(exporter.getFinishedSpans()).toHaveLength(share * 8);
  const headers = fetchMock.mock.lastCall?.[1]?.headers as Record<string, string>;
  expect(headers.traceparent).toBe(headers.traceparent?.replace(/..$/, `0${share}`));
  expect(headers.traceparent).toContain(told?.id);
});

test("an error answer tells as well whether it was recorded", async () => {
  const answer = json({ title: "Bad Request" }, 400, "application/problem+json");
  answer.headers.set("traceresponse", `00-${"a".repeat(32)}-${"b".repeat(16)}-00`);
  fetchMock.mockResolvedValue(answer);
  await search();
  expect(vi.mocked(view.failed).mock.lastCall?.[1]).toMatchObject({ fromServer: false });
});

test("a search that is left while the page shows that it searches has not failed in showing it", async () => {
  let respond: (response: Response) => void = () => {};
  fetchMock.mockReturnValue(new Promise((resolve) => (respond = resolve)));
  view.loading = () =>
    setTimeout(() => {
      leaveOpenSpans();
      respond(json(ANSWER, 200, "application/json"));
    });
  await search();
  expect(treeOf(exporter)).toEqual([
    "frontend_search",
    "  update_ui_loading",
    "  prepare_api_request",
    "  api_request_execute",
    "    http_request",
  ]);
  expect(failedSpans().map(([name]) => name)).toEqual([
    "http_request",
    "api_request_execute",
    "frontend_search",
  ]);
  expect(view.done).toHaveBeenCalled();
});

test("the request does not wait until the page has shown that it searches", async () => {
  const frames: FrameRequestCallback[] = [];
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame));
  fetchMock.mockResolvedValue(json(ANSWER, 200, "application/json"));
  const searched = search();
  await vi.waitFor(() => expect(fetchMock).toHaveBeenCalled());
  expect(spanNames()).not.toContain("update_ui_loading");
  await vi.waitFor(() => expect(view.done).toHaveBeenCalled());
  for (const frame of frames) frame(performance.now());
  await searched;
  expect(spanNames().at(-1)).toBe("frontend_search");
});

test("one that is left when its results are shown is whole, and one that failed has failed", async () => {
  view.done = () => setTimeout(leaveOpenSpans);
  view.failed = () => setTimeout(leaveOpenSpans);
  fetchMock.mockResolvedValue(json(ANSWER, 200, "application/json"));
  await search();
  expect(exporter.getFinishedSpans()).toHaveLength(8);
  expect(failedSpans()).toEqual([]);
  fetchMock.mockResolvedValue(json({ title: "Bad Request" }, 400, "application/problem+json"));
  await search();
  expect(failedSpans().at(-1)).toEqual(["frontend_search", "400"]);
});
