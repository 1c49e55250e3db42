// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyTheme, chooseTheme, chosenTheme } from "../src/theme";

const media = () =>
  Array.from(document.querySelectorAll("meta"), (meta) => meta.getAttribute("media"));

beforeEach(() => {
  for (const scheme of ["light", "dark"]) {
    const meta = document.createElement("meta");
    meta.name = "theme-color";
    meta.setAttribute("media", `(prefers-color-scheme: ${scheme})`);
    document.head.append(meta);
  }
});
afterEach(() => {
  document.head.replaceChildren();
  localStorage.clear();
  applyTheme("system");
});

test("a theme is chosen, kept, and shown by the browser's bars too", () => {
  expect(chosenTheme()).toBe("system");
  chooseTheme("dark");
  expect(chosenTheme()).toBe("dark");
  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(media()).toEqual(["not all", "all"]);
  chooseTheme("system");
  expect(document.documentElement.dataset.theme).toBeUndefined();
  expect(media()).toEqual(["(prefers-color-scheme: light)", "(prefers-color-scheme: dark)"]);
});
