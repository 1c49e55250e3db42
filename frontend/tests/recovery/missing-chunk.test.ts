// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { isMissingChunk, reloadOnce } from "../../src/recovery/missing-chunk";

const reload = vi.fn();
beforeEach(() => {
  reload.mockReset();
  sessionStorage.clear();
  vi.stubGlobal("location", { reload });
});

test("what the bundler could not fetch is told from other errors", () => {
  const error = new Error("Failed to fetch dynamically imported module");
  expect(isMissingChunk(error)).toBe(false);
  window.dispatchEvent(Object.assign(new Event("vite:preloadError"), { payload: error }));
  expect(isMissingChunk(error)).toBe(true);
});

test("the page is not reloaded twice in a row", () => {
  expect(reloadOnce()).toBe(true);
  expect(reloadOnce()).toBe(false);
  sessionStorage.setItem("reloaded", String(Date.now() - 61_000));
  expect(reloadOnce()).toBe(true);
  expect(reload).toHaveBeenCalledTimes(2);
});

test("nor at all where that can't be remembered", () => {
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  expect(reloadOnce()).toBe(false);
  expect(reload).not.toHaveBeenCalled();
});
