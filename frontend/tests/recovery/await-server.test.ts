// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const fetchMock = vi.fn<typeof fetch>();
let visibility: DocumentVisibilityState = "visible";
beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  vi.stubGlobal("fetch", fetchMock.mockReset());
  vi.spyOn(Math, "random").mockReturnValue(0);
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  visibility = "visible";
  vi.useRealTimers();
});

const gone = () => fetchMock.mockRejectedValue(new TypeError("Failed to fetch"));
const back = () => fetchMock.mockImplementation(async () => Response.json({ status: "ok" }));
const stops: (() => void)[] = [];
const wait = async (onBack = () => {}) => {
  const { awaitServer } = await import("../../src/recovery/await-server");
  stops.push(awaitServer(onBack));
};
const asked = () => fetchMock.mock.calls.length;

test("a server that stays away is asked less and less often", async () => {
  gone();
  await wait();
  const times: number[] = [];
  for (let second = 0; second < 120; second += 0.5) {
    const before = asked();
    await vi.advanceTimersByTimeAsync(500);
    if (asked() > before) times.push(second + 0.5);
  }
  expect(times).toEqual([1.5, 4.5, 10.5, 22.5, 46.5, 76.5, 106.5]);
  for (const stop of stops) stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(times.length);
});

test("chance takes up to a third off", async () => {
  vi.spyOn(Math, "random").mockReturnValue(1);
  gone();
  await wait();
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked()).toBe(1);
});

test("everyone who waits goes on when it is ready, once", async () => {
  fetchMock.mockImplementation(async () => new Response(null, { status: 503 }));
  const onBack = [vi.fn(), vi.fn()];
  for (const each of onBack) await wait(each);
  await vi.advanceTimersByTimeAsync(1500);
  expect(onBack[0]).not.toHaveBeenCalled();
  back();
  await vi.advanceTimersByTimeAsync(60_000);
  for (const each of onBack) expect(each).toHaveBeenCalledOnce();
  expect(fetchMock).toHaveBeenLastCalledWith("/readyz", expect.anything());
  expect(asked()).toBe(2);
});

test("a server that says it is ready and is not is not asked faster for it", async () => {
  back();
  const failsAgain = () => void wait(failsAgain);
  await wait(failsAgain);
  await vi.advanceTimersByTimeAsync(46_500);
  expect(asked()).toBe(5);
});

test("a connection, or a look at the page, has it asked at once", async () => {
  gone();
  await wait();
  window.dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toBe(1);
  visibility = "hidden";
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(1);
  visibility = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.advanceTimersByTimeAsync(0);
  expect(asked()).toBe(2);
});
