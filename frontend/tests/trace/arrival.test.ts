import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ProblemType } from "../../src/api/problem";
import { type Trace, TraceStoreOffError } from "../../src/api/trace";
import { hasBothSides } from "../../src/search/search-trace";
import { type Arrival, traceArrivals } from "../../src/trace/arrival";
import { trace } from "./sketch";

const root = { id: "r", name: "frontend_search", at: 0, for: 100, service: "search-frontend" };
const server = { id: "s", parent: "r", at: 30, for: 30, kind: "server" } as const;

const fetchMock = vi.fn<typeof fetch>();
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", fetchMock.mockReset());
});
afterEach(() => vi.useRealTimers());

const found = (data: Trace) => Response.json({ data: [data] });
const notFound = (type: ProblemType) => Response.json({ type }, { status: 404 });

async function arrivals(): Promise<Arrival[]> {
  const seen: Arrival[] = [];
  const read = async () => {
    for await (const arrival of traceArrivals("t", hasBothSides, new AbortController().signal)) {
      seen.push(arrival);
    }
  };
  const reading = read();
  const settled = reading.catch(() => {});
  await vi.advanceTimersByTimeAsync(6000);
  await settled;
  await reading;
  return seen;
}

test("a trace is whole when both sides are there and it has stopped growing", async () => {
  fetchMock
    .mockResolvedValueOnce(found(trace(server)))
    .mockResolvedValueOnce(found(trace(root, server)))
    .mockResolvedValueOnce(found(trace(root, server)));
  const seen = await arrivals();
  expect(seen.map(({ complete, settled }) => [complete, settled])).toEqual([
    [false, false],
    [false, false],
    [true, true],
  ]);
});

test("patience ends after five seconds", async () => {
  fetchMock.mockImplementation(async () => notFound("/docs#no-such-trace"));
  const seen = await arrivals();
  expect(seen.at(-1)).toEqual({ trace: null, complete: false, settled: true });
  expect(seen.length).toBeGreaterThan(15);
});

test("a store that is off is told apart from a trace that is late", async () => {
  fetchMock.mockImplementation(async () => notFound("/docs#trace-store-off"));
  await expect(arrivals()).rejects.toThrow(TraceStoreOffError);
});
