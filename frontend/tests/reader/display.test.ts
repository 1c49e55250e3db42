// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { chosenDisplay, keepDisplay } from "../../src/reader/display";

afterEach(() => localStorage.clear());

test("how the text looks is kept from visit to visit", () => {
  const usual = { size: 1, measure: "medium", face: "serif" } as const;
  expect(chosenDisplay()).toEqual(usual);
  const chosen = { size: 4, measure: "wide", face: "sans" } as const;
  keepDisplay(chosen);
  expect(chosenDisplay()).toEqual(chosen);
  localStorage.setItem("display", "size=9&measure=huge&face=");
  expect(chosenDisplay()).toEqual(usual);
});

test("where storage is forbidden, the usual look is shown", () => {
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
    throw new DOMException("no", "SecurityError");
  });
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("no", "SecurityError");
  });
  keepDisplay({ size: 2, measure: "narrow", face: "sans" });
  expect(chosenDisplay().size).toBe(1);
});
