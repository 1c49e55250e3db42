// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import { TraceView } from "../../src/components/waterfall/TraceView";

import { I18nProvider } from "../../src/i18n/I18n";
import { prepare } from "../../src/trace/prepare";
import { trace } from "../trace/traces";

const prepared = prepare(
  trace(
    { id: "root", at: 0, for: 2000 },
    { id: "search", parent: "root", at: 100, for: 1000 },
    { id: "snippet", parent: "search", at: 200, for: 300, error: true },
    { id: "render", parent: "root", at: 1200, for: 500 },
  ),
);

function Example() {
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <I18nProvider initial="en">
      <TraceView prepared={prepared} selected={selected} onSelect={setSelected} />
    </I18nProvider>
  );
}

afterEach(cleanup);

const labels = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const focusedRow = () => document.activeElement?.getAttribute("aria-label")?.split(" ")[0];

test("rows tell their name, duration, service and errors", () => {
  render(<Example />);
  expect(screen.getByRole("treegrid", { name: "Trace waterfall" })).toBeTruthy();
  expect(labels().slice(1)).toEqual([
    "root 2 ms, service search-backend",
    "search 1 ms, service search-backend",
    "snippet 300 µs, service search-backend, error",
    "render 500 µs, service search-backend",
  ]);
  for (const row of screen.getAllByRole("row").slice(1)) {
    expect(row.getAttribute("aria-label")).toContain(row.querySelector("[title]")?.textContent);
  }
});

test("a collapsed row tells that an error is inside", () => {
  render(<Example />);
  fireEvent.click(screen.getAllByRole("button", { name: "Collapse" })[1] as HTMLElement);
  expect(labels()[2]).toBe("search 1 ms, service search-backend, error in a hidden span");
  expect(screen.getByRole("row", { name: /^search/ }).getAttribute("aria-expanded")).toBe("false");
});

test("the keyboard walks, folds and opens", () => {
  render(<Example />);
  screen.getByRole("row", { name: /^root/ }).focus();
  press("ArrowDown");
  expect(focusedRow()).toBe("search");
  press("ArrowRight");
  expect(focusedRow()).toBe("snippet");
  press("ArrowLeft");
  expect(focusedRow()).toBe("search");
  press("ArrowLeft");
  expect(screen.queryByRole("row", { name: /^snippet/ })).toBeNull();
  press("ArrowRight");
  expect(screen.getByRole("row", { name: /^snippet/ })).toBeTruthy();
  press("End");
  expect(focusedRow()).toBe("render");
  press("Home");
  expect(focusedRow()).toBe("root");
  press("Enter");
  expect(screen.getByRole("row", { name: /^root/ }).getAttribute("aria-selected")).toBe("true");
  expect(screen.getByRole("region", { name: "Span details" })).toBeTruthy();
});

test("one row alone takes part in the tab order", () => {
  render(<Example />);
  const reachable = screen.getAllByRole("row").filter((row) => row.tabIndex === 0);
  expect(reachable.map((row) => row.dataset.spanId)).toEqual(["root"]);
});
