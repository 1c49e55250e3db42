// @vitest-environment jsdom
import { fireEvent } from "@testing-library/dom";
import { act, cleanup, render, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TraceSummaries } from "../../src/api/trace-list";
import { I18nProvider } from "../../src/i18n/I18n";
import TracesPage from "../../src/pages/TracesPage";
import { answer, summary } from "../trace-list/summaries";

const NOW_US = Date.now() * 1000;
const LOVE = summary("a".repeat(32), NOW_US - 180e6, { query: "love", spans: 31 });
const FAILED = summary("b".repeat(32), NOW_US - 7200e6, { name: "GET /search", errors: 2 });
const NEW = summary("c".repeat(32), NOW_US, { query: "whale" });
const BUCKET = { from: 1000, to: 1250, traces: 2, errors: 1 };
const both: TraceSummaries = {
  ...answer([LOVE, FAILED]),
  durations: { median: 1000, p95: 2000, histogram: [BUCKET] },
};

const fetchMock = vi.fn<typeof fetch>();
let next: () => Response | Promise<Response>;
beforeEach(() => {
  next = () => Response.json(both);
  fetchMock.mockReset().mockImplementation(async (path) => {
    if (String(path).includes("/api/trace-summaries")) return next();
    const operations = String(path).endsWith("/operations");
    return Response.json({ data: operations ? ["GET /search"] : ["search-backend"] });
  });
  vi.stubGlobal("fetch", fetchMock);
  history.replaceState(null, "", "/traces");
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const show = (address = "/traces") => {
  history.replaceState(null, "", address);
  return render(
    <I18nProvider initial="en">
      <TracesPage />
    </I18nProvider>,
  );
};
const asked = () =>
  fetchMock.mock.calls
    .map(([path]) => String(path).replace(location.origin, ""))
    .filter((path) => path.includes("summaries"));
const passed = (ms: number) =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });
const here = () => location.pathname + location.search;
const rows = () => within(screen.getByRole("table")).getAllByRole("row").slice(1);

test("a row tells what the trace was", async () => {
  show();
  const table = within(await screen.findByRole("table", { name: "Traces" }));
  const link = table.getByRole("link", { name: "“love” frontend_search" });
  expect(link.getAttribute("href")).toBe(`/traces/${LOVE.trace_id}`);
  const time = table.getByText("3 minutes ago");
  expect(time.getAttribute("datetime")).toBe(new Date(LOVE.start / 1000).toISOString());
  fireEvent.pointerEnter(time);
  expect(time.title).toContain(String(new Date(LOVE.start / 1000).getFullYear()));
  expect(table.getByText("2 errors")).toBeTruthy();
  expect(screen.getByText("Median 1 ms, 95th percentile 2 ms.")).toBeTruthy();
  expect(screen.getByText("2 traces")).toBeTruthy();
});

test("filters stand in the address, and are asked for", async () => {
  show("/traces?service=search-backend");
  await screen.findByRole("table");
  expect(asked()).toEqual(["/api/trace-summaries?service=search-backend&limit=25"]);
  const operation = screen.getByRole("combobox", { name: "Operation" });
  await within(operation).findByRole("option", { name: "GET /search" });
  fireEvent.change(operation, { target: { value: "GET /search" } });
  expect(here()).toBe("/traces?service=search-backend&operation=GET+%2Fsearch");
  fireEvent.click(screen.getByRole("checkbox", { name: "Only with errors" }));
  fireEvent.input(screen.getByLabelText("At least (ms)"), { target: { value: "1.5" } });
  fireEvent.click(screen.getByRole("button", { name: "Apply" }));
  expect(here()).toContain("&errors=true&min=1.5");
  await waitFor(() => expect(asked().at(-1)).toContain("errors=true&minDuration=1.500000ms"));
  fireEvent.click(screen.getByRole("link", { name: "Reset filters" }));
  expect(here()).toBe("/traces");
});

test("a bar leads to its traces, and back", async () => {
  show();
  const bar = await screen.findByRole("link", {
    name: /^1 ms to 1.25 ms: 2 traces, 1 with an error/,
  });
  fireEvent.click(bar);
  expect(here()).toBe("/traces?min=1&max=1.25");
  const chosen = await screen.findByRole("link", { current: true });
  fireEvent.click(chosen);
  expect(here()).toBe("/traces");
});

test("more rows are fetched by the time of the last one", async () => {
  next = () => Response.json({ ...both, matching: 3 });
  show();
  expect(await screen.findByText("3 traces, 2 shown")).toBeTruthy();
  const older = summary("d".repeat(32), FAILED.start - 5e6);
  next = () => Response.json(answer([FAILED, older], 2));
  fireEvent.click(screen.getByRole("button", { name: "Show more" }));
  await waitFor(() => expect(rows()).toHaveLength(3));
  expect(asked().at(-1)).toBe(`/api/trace-summaries?limit=26&end=${FAILED.start}`);
  expect(here()).toBe("/traces?shown=50");
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

test("a live list takes in what is new, unless it is in use", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  show("/traces?live=true");
  await screen.findByRole("table");
  next = () => Response.json({ ...both, traces: [NEW], matching: 3, since: 77 });
  await passed(2000);
  await waitFor(() => expect(rows()).toHaveLength(3));
  expect(rows()[0]?.className).toBe("fresh");
  expect(screen.getByText("1 new trace").getAttribute("role")).toBe("status");
  const other = summary("e".repeat(32), NOW_US + 1e6);
  next = () => Response.json({ ...both, traces: [other], matching: 4 });
  screen.getByRole("link", { name: "“whale” frontend_search" }).focus();
  await passed(2000);
  const button = await screen.findByRole("button", { name: "1 new trace" });
  expect(asked().at(-1)).toBe("/api/trace-summaries?limit=200&since=77");
  expect(rows()).toHaveLength(3);
  fireEvent.click(button);
  expect(rows()).toHaveLength(4);
});

test("a live list that fails says so, waits longer, and goes on", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  show("/traces?live=true");
  await screen.findByRole("table");
  next = () => Promise.reject(new TypeError("gone"));
  await passed(2000);
  expect(await screen.findByText(/It tries again every 4 s/)).toBeTruthy();
  const before = asked().length;
  await passed(3000);
  expect(asked()).toHaveLength(before);
  next = () => Response.json({ ...both, traces: [] });
  await passed(1500);
  await waitFor(() => expect(screen.queryByText(/It tries again/)).toBeNull());
  expect(rows()).toHaveLength(2);
});

test("a hidden page asks for nothing", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  show("/traces?live=true");
  await screen.findByRole("table");
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  const before = asked().length;
  await passed(10_000);
  expect(asked()).toHaveLength(before);
  hidden.mockReturnValue(false);
  fireEvent(document, new Event("visibilitychange"));
  await waitFor(() => expect(asked()).toHaveLength(before + 1));
});

test("two traces are chosen to be compared", async () => {
  show();
  await screen.findByRole("table");
  fireEvent.click(screen.getByRole("checkbox", { name: /^Select frontend_search/ }));
  const bar = within(await screen.findByRole("region", { name: "Traces to compare" }));
  expect(bar.queryByRole("link", { name: "Compare" })).toBeNull();
  fireEvent.click(screen.getByRole("checkbox", { name: /^Select GET \/search/ }));
  expect(bar.getByRole("link", { name: "Compare" }).getAttribute("href")).toBe(
    `/traces/${LOVE.trace_id}?with=${FAILED.trace_id}`,
  );
  fireEvent.click(bar.getByRole("button", { name: "Remove “love” aaaaaaaa" }));
  expect(here()).toBe(`/traces?compare=${FAILED.trace_id}`);
});

test("an empty store, and filters that nothing matches", async () => {
  next = () => Response.json(answer([]));
  const { unmount } = show();
  expect(await screen.findByRole("heading", { name: "No traces yet" })).toBeTruthy();
  unmount();
  show("/traces?errors=true");
  expect(await screen.findByRole("heading", { name: "No trace matches" })).toBeTruthy();
  for (const link of screen.getAllByRole("link", { name: "Reset filters" })) {
    expect(link.getAttribute("href")).toBe("/traces");
  }
});

test("a store that is off, and a server that is gone", async () => {
  next = () => Response.json({ type: "/docs#trace-store-off" }, { status: 404 });
  const { unmount } = show();
  expect(await screen.findByRole("heading", { name: "Traces are stored elsewhere" })).toBeTruthy();
  unmount();
  next = () => Promise.reject(new TypeError("gone"));
  show();
  await screen.findByRole("heading", { name: "The server cannot be reached" });
  next = () => Response.json(both);
  fireEvent.click(screen.getByRole("button", { name: "Try now" }));
  expect(await screen.findByRole("table")).toBeTruthy();
});
