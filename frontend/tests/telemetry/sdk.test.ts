// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { version as versionOfSdk } from "../../node_modules/@opentelemetry/core/package.json";
import { createExportingTracer } from "../../src/telemetry/sdk";
import { flushSpans, installTracer, newTrace, span } from "../../src/telemetry/span";

// Under Node the package gives its exporter for Node; this is the one that browsers get.
vi.mock(
  "@opentelemetry/exporter-trace-otlp-http",
  () =>
    import(
      "../../node_modules/@opentelemetry/exporter-trace-otlp-http/dist/platform/browser/index.mjs"
    ),
);

// And this is what the SDK tells of itself there.
vi.mock("@opentelemetry/core", async (original) => ({
  ...(await original<object>()),
  ...(await import("../../node_modules/@opentelemetry/core/dist/platform/browser/sdk-info.mjs")),
}));

const HOUR_MS = 3_600_000;
const QUEUE = 512;
const BATCH = 64;

const fetchMock = vi.fn<typeof fetch>();
const spyOnConsole = () =>
  (["debug", "info", "log", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
let written: ReturnType<typeof spyOnConsole> = [];
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", fetchMock.mockReset());
  written = spyOnConsole();
  installTracer(createExportingTracer());
});
afterEach(() => {
  for (const spy of written) expect(spy).not.toHaveBeenCalled();
  vi.useRealTimers();
  installTracer(null);
});

/** As many traces of one span as that. */
async function searches(count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    await span(newTrace(), "frontend_search", {}, () => {});
  }
}

/** The ids of the spans of all requests since the last look, those that were tried again twice. */
function sentIds(): string[] {
  const ids = fetchMock.mock.calls.flatMap(([, init]) => {
    const body = new TextDecoder().decode(init?.body as Uint8Array);
    const spans: { spanId: string }[] = JSON.parse(body).resourceSpans[0].scopeSpans[0].spans;
    return spans.map(({ spanId }) => spanId);
  });
  fetchMock.mockClear();
  return ids;
}

const sent = () => sentIds().length;

const answers = (status: number, headers = {}) =>
  fetchMock.mockImplementation(async () => new Response("", { status, headers }));

test("spans of a search are sent with keepalive to the page's own origin", async () => {
  answers(200);
  await searches(8);
  await flushSpans();
  const [url, init] = fetchMock.mock.lastCall ?? [];
  expect(url).toBe("http://localhost:3000/v1/traces");
  expect(init).toMatchObject({ method: "POST", keepalive: true });
  expect(sent()).toBe(8);
});

test("they say which SDK made them, and of which version the page is", async () => {
  answers(200);
  await searches(1);
  await flushSpans();
  const body = new TextDecoder().decode(fetchMock.mock.lastCall?.[1]?.body as Uint8Array);
  const [{ resource, scopeSpans }] = JSON.parse(body).resourceSpans;
  const attributes: Record<string, string> = Object.fromEntries(
    resource.attributes.map((one: { key: string; value: { stringValue: string } }) => [
      one.key,
      one.value.stringValue,
    ]),
  );
  expect(attributes).toEqual({
    "service.name": "search-frontend",
    "service.instance.id": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "webjs",
    "telemetry.sdk.version": versionOfSdk,
  });
  expect(scopeSpans[0].scope).toEqual({
    name: "search-frontend",
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});

test.each([400, 403, 413])(
  "what is refused with %i is dropped, once and for all",
  async (status) => {
    answers(status);
    await searches(8);
    await flushSpans();
    expect(sent()).toBe(8);
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(sent()).toBe(0);
    answers(200);
    await searches(1);
    await flushSpans();
    expect(sent()).toBe(1);
  },
);

test.each([429, 503])(
  "after %i it is tried again, for ten seconds and no longer",
  async (status) => {
    answers(status);
    await searches(8);
    const flushed = flushSpans();
    await vi.advanceTimersByTimeAsync(11_000);
    await flushed;
    const tries = fetchMock.mock.calls.length;
    expect(tries).toBeGreaterThan(2);
    expect(tries).toBeLessThan(8);
    fetchMock.mockClear();
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(fetchMock).not.toHaveBeenCalled();
  },
);

test("a server that is back within seconds gets what it missed, when it said", async () => {
  answers(503, { "retry-after": "3" });
  await searches(8);
  const flushed = flushSpans();
  await vi.advanceTimersByTimeAsync(2_900);
  expect(sent()).toBe(8);
  answers(200);
  await vi.advanceTimersByTimeAsync(200);
  await flushed;
  expect(sent()).toBe(8);
});

const OUTAGES = {
  refused: () => Promise.reject(new TypeError("Failed to fetch")),
  silent: (_: unknown, init?: RequestInit) =>
    new Promise<never>((_, reject) => {
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    }),
};

test.each(["refused", "silent"] as const)("an outage costs a bounded queue: %s", async (how) => {
  fetchMock.mockImplementation(OUTAGES[how]);
  await searches(20_000);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  const tried = new Set(sentIds()).size;
  expect(tried).toBeGreaterThanOrEqual(QUEUE);
  expect(tried).toBeLessThanOrEqual(QUEUE + BATCH);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(sent()).toBe(0);
  answers(200);
  await searches(1);
  await flushSpans();
  expect(sent()).toBe(1);
});

test("searches that flush during an outage keep a bounded number of requests waiting", async () => {
  fetchMock.mockImplementation(OUTAGES.silent);
  for (let search = 0; search < 200; search += 1) {
    await searches(8);
    void flushSpans();
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(fetchMock.mock.calls.length).toBeLessThanOrEqual(30);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  fetchMock.mockClear();
  answers(200);
  await searches(1);
  await flushSpans();
  expect(sent()).toBe(1);
});
