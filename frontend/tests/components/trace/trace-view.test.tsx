// @vitest-environment jsdom
import { fireEvent } from "@testing-library/dom";
import { cleanup, render, screen } from "@testing-library/preact";
import { useState } from "preact/hooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TraceView } from "../../../src/components/trace/TraceView";
import { I18nProvider } from "../../../src/i18n/I18n";
import { prepare } from "../../../src/trace/prepare";
import { trace } from "../../trace/sketch";

const US = 1000;
const prepared = prepare(
  trace(
    { id: "root", at: 0, for: 2000 * US },
    { id: "search", parent: "root", at: 100 * US, for: 1000 * US },
    { id: "snippet", parent: "search", at: 200 * US, for: 300 * US, error: true },
    { id: "render", parent: "root", at: 1200 * US, for: 500 * US },
  ),
);

const long = prepare(
  trace(
    { id: "root", at: 0, for: 100_000 },
    ...Array.from({ length: 40 }, (_, group) => [
      { id: `group${group}`, parent: "root", at: group * 1000, for: 900 },
      ...Array.from({ length: 49 }, (_, at) => ({
        id: `s${group}.${at}`,
        parent: `group${group}`,
        at: group * 1000 + at * 10,
        for: 10,
      })),
    ]).flat(),
  ),
);

const onCorrect = vi.fn<(corrects: boolean) => void>();

function Example({ of = prepared, first = null }: { of?: typeof prepared; first?: string | null }) {
  const [selected, setSelected] = useState(first);
  return (
    <I18nProvider initial="en">
      <TraceView prepared={of} selected={selected} onSelect={setSelected} onCorrect={onCorrect} />
    </I18nProvider>
  );
}

const scrollIntoView = vi.fn<() => void>();
beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  Element.prototype.scrollIntoView = scrollIntoView;
});
afterEach(cleanup);

const labels = () => screen.getAllByRole("row").map((row) => row.getAttribute("aria-label") ?? "");
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const focusedRow = () => document.activeElement?.getAttribute("aria-label")?.split(" ")[0];

test("rows tell their name, duration, service and errors", () => {
  render(<Example />);
  expect(screen.getByRole("treegrid", { name: "Trace waterfall" })).toBeTruthy();
  expect(labels().slice(1)).toEqual([
    "root 2 ms, service search-backend, on the critical path",
    "search 1 ms, service search-backend, on the critical path",
    "snippet 300 µs, service search-backend, error, on the critical path",
    "render 500 µs, service search-backend, on the critical path",
  ]);
  for (const row of screen.getAllByRole("row").slice(1)) {
    expect(row.getAttribute("aria-label")).toContain(row.querySelector("[title]")?.textContent);
  }
});

test("a collapsed row tells that an error is inside", () => {
  render(<Example />);
  fireEvent.click(screen.getAllByRole("button", { name: "Collapse" })[1] as HTMLElement);
  expect(labels()[2]).toBe(
    "search 1 ms, service search-backend, error in a hidden span, on the critical path",
  );
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

test("of a long trace only what is near is drawn, and it says how much there is", () => {
  render(<Example of={long} />);
  const grid = screen.getByRole("treegrid");
  expect(grid.getAttribute("aria-rowcount")).toBe("2002");
  const rows = screen.getAllByRole("row");
  expect(rows.length).toBeLessThan(100);
  expect(rows.map((row) => row.getAttribute("aria-rowindex")).slice(0, 3)).toEqual(["1", "2", "3"]);
  screen.getByRole("row", { name: /^root/ }).focus();
  press("End");
  expect(focusedRow()).toBe("s39.48");
  const last = screen.getByRole("row", { name: /^s39.48/ });
  expect(last.getAttribute("aria-rowindex")).toBe("2002");
  expect(last.getAttribute("aria-posinset")).toBe("49");
  press("ArrowLeft");
  expect(focusedRow()).toBe("group39");
});

test("a span that the address names is brought into view", () => {
  render(<Example of={long} first="s20.7" />);
  expect(scrollIntoView.mock.contexts).toEqual([screen.getByRole("row", { name: /^s20.7 / })]);
  expect(screen.getByRole("region", { name: "Span details" })).toBeTruthy();
});

test("a row that is folded away hands the tab stop to what it is folded into", () => {
  render(<Example />);
  screen.getByRole("row", { name: /^snippet/ }).focus();
  fireEvent.click(screen.getByRole("button", { name: "Collapse all" }));
  const reachable = screen.getAllByRole("row").filter((row) => row.tabIndex === 0);
  expect(reachable.map((row) => row.dataset.spanId)).toEqual(["root"]);
});

test("finding goes from match to match and opens what they are folded into", () => {
  render(<Example of={long} />);
  fireEvent.click(screen.getByRole("button", { name: "Collapse all" }));
  expect(screen.getAllByRole("row")).toHaveLength(2);
  const field = screen.getByRole("searchbox", { name: "Find spans" });
  const status = field.closest("search")?.querySelector("[aria-live]") as HTMLElement;
  fireEvent.input(field, { target: { value: ".48" } });
  expect(status.textContent).toBe("40 matches");
  fireEvent.keyDown(field, { key: "Enter" });
  expect(status.textContent).toBe("1 of 40");
  const match = screen.getByRole("row", { name: /^s0.48 .*, match$/ });
  expect(match.querySelector("mark")?.textContent).toBe("s0.48");
  expect(scrollIntoView.mock.contexts.at(-1)).toBe(match);
  fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
  expect(status.textContent).toBe("40 of 40");
  expect(screen.getByRole("row", { name: /^s39.48/ })).toBeTruthy();
  fireEvent.input(field, { target: { value: "nowhere" } });
  expect(status.textContent).toBe("0 matches");
});

test("the critical path is shown on the bars and in the details, and can be left out", () => {
  render(<Example first="root" />);
  const bar = () => screen.getByRole("row", { name: /^root/ });
  expect(bar().querySelectorAll(".waterfall-critical")).toHaveLength(3);
  // 0 to 100, 1,100 to 1,200 and 1,700 to 2,000 of 2,000 µs.
  expect(screen.getByText("500 µs (25% of the critical path)")).toBeTruthy();
  const button = screen.getByRole("button", { name: "Critical path", pressed: true });
  fireEvent.click(button);
  expect(button.getAttribute("aria-pressed")).toBe("false");
  expect(bar().querySelectorAll(".waterfall-critical")).toHaveLength(0);
});

test("the time of one span fills the width, and what lies elsewhere says so", () => {
  render(<Example />);
  screen.getByRole("row", { name: /^search/ }).focus();
  press("z");
  expect(screen.getByText("Showing 1 ms of the trace, starting at 100 µs.")).toBeTruthy();
  expect(screen.getByRole("row", { name: /^root .*cut off at the edge/ })).toBeTruthy();
  expect(screen.getByRole("row", { name: /^render .*after the visible range/ })).toBeTruthy();
  press("0");
  expect(screen.queryByText(/^Showing/)).toBeNull();
  press("Enter");
  fireEvent.click(screen.getByRole("button", { name: "Zoom to this span" }));
  fireEvent.click(screen.getByRole("button", { name: "Show the whole trace" }));
  expect(screen.queryByRole("row", { name: /visible range/ })).toBeNull();
});

test("the keys are explained", () => {
  render(<Example />);
  screen.getByRole("row", { name: /^root/ }).focus();
  press("?");
  expect(screen.getByText("Keyboard").closest("details")?.open).toBe(true);
  press("/");
  expect(document.activeElement).toBe(screen.getByRole("searchbox"));
});

const MS = 1000 * US;
const skewed = (shift: number) =>
  trace(
    { id: "request", at: 0, for: 100 * MS, kind: "client", service: "search-frontend" },
    { id: "server", parent: "request", at: shift, for: 60 * MS, kind: "server" },
  );

test("what lies outside its caller is drawn as recorded, and a correction is offered", () => {
  render(<Example of={prepare(skewed(-30 * MS))} />);
  expect(screen.getByRole("status").textContent).toBe(
    "A server span lies outside the client span that called it, by 30 ms. The clocks of the two processes may differ.",
  );
  expect(screen.queryByRole("row", { name: /shifted/ })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Correct the clocks", pressed: false }));
  expect(onCorrect).toHaveBeenLastCalledWith(true);
});

test("what was corrected says so, and can be put back", () => {
  render(<Example of={prepare(skewed(-30 * MS), true)} first="server" />);
  expect(screen.getByRole("status").textContent).toContain("A server span was moved by 30 ms into");
  expect(screen.getByRole("row", { name: /^server 60 ms, .*shifted/ })).toBeTruthy();
  expect(screen.getByText(/^Moved by 30 ms to correct clock skew/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Correct the clocks", pressed: true }));
  expect(onCorrect).toHaveBeenLastCalledWith(false);
});

test("nothing is said of clocks where nothing is out of place", () => {
  render(<Example of={prepare(skewed(-1 * US))} />);
  expect(screen.queryByRole("status")).toBeNull();
  expect(screen.queryByText(/clock/)).toBeNull();
});

test("circles of parents are called circles, in one line", () => {
  const circle = (...ids: string[]) =>
    ids.map((id, at) => ({ id, parent: ids[(at + 1) % ids.length] as string, at, for: 9 }));
  const { rerender } = render(<Example of={prepare(trace(...circle("a", "b")))} first="a" />);
  expect(
    screen.getByText("The parents of 2 spans form a circle (a cycle). It is cut at a."),
  ).toBeTruthy();
  expect(screen.getByText(/lead back to it in a circle/)).toBeTruthy();
  expect(
    labels()
      .slice(1)
      .map((label) => label.split(" ")[0]),
  ).toEqual(["a", "b"]);
  rerender(<Example of={prepare(trace(...circle("a", "b"), ...circle("self")))} />);
  expect(screen.getByText(/form 2 circles \(cycles\)/)).toBeTruthy();
});

test("what the store could not keep is told", () => {
  const lost = { droppedSpansCount: 1200, conflictingSpansCount: 1, unreadableSpansCount: 2 };
  render(<Example of={prepare({ ...trace({ id: "a", at: 0, for: 1 }), ...lost })} />);
  for (const said of [
    "1,200 more spans were not stored, because this trace is full.",
    "One span was not stored, because a different span with the same ID arrived first.",
    "2 spans of this trace cannot be read from the trace store.",
  ]) {
    expect(screen.getByText(said)).toBeTruthy();
  }
});

test("rows name their services where colours do not tell them apart", () => {
  const services = (count: number) =>
    prepare(
      trace(
        ...Array.from({ length: count }, (_, at) => ({
          id: `s${at}`,
          at,
          for: 1,
          service: `of ${at}`,
        })),
      ),
    );
  const named = () =>
    [...document.querySelectorAll(".waterfall-service")].map((each) => each.textContent);
  const { rerender } = render(<Example of={services(6)} />);
  expect(named()).toEqual([]);
  rerender(<Example of={services(7)} />);
  expect(named()).toEqual(["of 0", "of 1", "of 2", "of 3", "of 4", "of 5", "of 6"]);
});

test("a row without a name has a stand-in", () => {
  render(<Example of={prepare(trace({ id: "a", name: "", at: 0, for: 450 }))} />);
  expect(labels()[1]).toBe("(no name) 450 ns, service search-backend, on the critical path");
  expect(document.querySelector(".waterfall-text")?.textContent).toBe("(no name)");
});

async function copy(): Promise<string> {
  fireEvent.click(screen.getByRole("button", { name: "Copy as OTLP JSON" }));
  return (await screen.findByText(/clipboard|loaded/)).textContent ?? "";
}

test("the trace is copied as OTLP, downloaded where that is refused, or said not to be read", async () => {
  const fetchMock = vi.fn<typeof fetch>(async () => new Response('{"resourceSpans":[]}'));
  vi.stubGlobal("fetch", fetchMock);
  const write = vi.fn<(items: { items: Record<string, Promise<Blob>> }[]) => Promise<void>>();
  vi.stubGlobal("navigator", { clipboard: { write: write.mockResolvedValue() } });
  vi.stubGlobal(
    "ClipboardItem",
    class {
      constructor(readonly items: Record<string, Promise<Blob>>) {}
    },
  );
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockReturnValue();
  render(<Example />);
  expect(await copy()).toBe("The trace was copied to the clipboard.");
  expect(fetchMock.mock.calls[0]?.[0]).toBe("/api/traces/t/otlp");
  const copied = await write.mock.calls[0]?.[0][0]?.items["text/plain"];
  expect(copied?.size).toBe(20);
  expect(clicked).not.toHaveBeenCalled();

  write.mockRejectedValue(new DOMException("no", "NotAllowedError"));
  expect(await copy()).toContain("downloaded instead");
  expect(clicked.mock.contexts[0]).toMatchObject({ download: "trace-t.json" });

  vi.stubGlobal("navigator", {});
  fetchMock.mockResolvedValue(new Response("", { status: 503 }));
  expect(await copy()).toBe("The trace could not be loaded.");
});
