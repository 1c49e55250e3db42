// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => vi.resetModules());
afterEach(() => {
  vi.doUnmock("../../src/telemetry/sdk");
  vi.useRealTimers();
});

const load = () => import("../../src/telemetry/loader");

test("a blocked chunk means no spans and no error", async () => {
  vi.doMock("../../src/telemetry/sdk", () => {
    throw new TypeError("Failed to fetch dynamically imported module");
  });
  const { loadTracing, newTraceWhenReady } = await load();
  await expect(loadTracing()).resolves.toBeUndefined();
  expect(await newTraceWhenReady()).toBeNull();
});

test("a search waits for a chunk that is on its way, but not for long", async () => {
  vi.useFakeTimers();
  vi.doMock("../../src/telemetry/sdk", () => new Promise(() => {}));
  const { newTraceWhenReady } = await load();
  const waiting = newTraceWhenReady();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await waiting).toBeNull();
  // Whoever searches later does not wait at all.
  expect(await newTraceWhenReady()).toBeNull();
});

test("the first search is traced once the chunk is there", async () => {
  const root = {};
  vi.doMock("../../src/telemetry/sdk", () => ({ createExportingTracer: () => ({ root }) }));
  const { newTraceWhenReady } = await load();
  expect(await newTraceWhenReady()).toBe(root);
});
