// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { en } from "../../src/i18n/en";
import { I18nProvider } from "../../src/i18n/I18n";
import { SearchPage } from "../../src/pages/SearchPage";

vi.mock("../../src/telemetry/loader", () => ({ newTraceWhenReady: async () => null }));

const fetchMock = vi.fn<typeof fetch>();
beforeEach(() => {
  vi.stubGlobal("fetch", fetchMock.mockReset());
  fetchMock.mockImplementation(async (url) => answer(new URL(String(url), location.href)));
  history.replaceState(null, "", "/");
});
afterEach(cleanup);

function answer(url: URL): Response {
  const query = url.searchParams.get("q");
  const results = query === "nothing" ? [] : [hit(`${query} 1`), hit(`${query} 2`)];
  return Response.json({ query, total_results: results.length, results, trace_id: "" });
}

const hit = (title: string) => ({
  id: title,
  title,
  author: null,
  score: 0.5,
  snippet: title,
  passages: [{ start: 0, end: 4, text: title, highlights: [{ start: 0, end: 4 }] }],
});

const show = () =>
  render(
    <I18nProvider initial={{ language: "en", messages: en }}>
      <SearchPage />
    </I18nProvider>,
  );
const state = () => screen.getByRole("main").dataset.searchState;
const settled = (wanted: string) => waitFor(() => expect(state()).toBe(wanted));
const box = () => screen.getByRole<HTMLInputElement>("searchbox", { name: "Search the books" });
const searchFor = (query: string) => {
  fireEvent.change(box(), { target: { value: query } });
  fireEvent.click(screen.getByRole("button", { name: "Search" }));
};

test("a first visit invites to search", async () => {
  show();
  expect(state()).toBe("idle");
  fireEvent.click(screen.getByRole("button", { name: "whale" }));
  await settled("done");
  expect(location.search).toBe("?q=whale");
  expect(box().value).toBe("whale");
});

test("results are a list of articles with headings", async () => {
  show();
  searchFor("love");
  await settled("done");
  expect(screen.getByRole("status").textContent).toBe("2 books for “love”");
  const articles = within(screen.getByRole("list", { name: "Results" })).getAllByRole("article");
  expect(articles).toHaveLength(2);
  expect(within(articles[0] as HTMLElement).getByRole("heading").textContent).toBe("love 1");
  expect(articles[0]?.querySelector("mark")?.textContent).toBe("love");
});

test("an address with a query searches by itself", async () => {
  history.replaceState(null, "", "/?q=time");
  show();
  expect(state()).toBe("loading");
  await settled("done");
  expect(screen.getByRole("status").textContent).toBe("2 books for “time”");
});

test("going back shows the earlier search without searching again", async () => {
  show();
  searchFor("love");
  await settled("done");
  searchFor("whale");
  await waitFor(() => expect(screen.getByRole("status").textContent).toContain("whale”"));
  await settled("done");
  history.back();
  await waitFor(() => expect(box().value).toBe("love"));
  expect(state()).toBe("done");
  expect(screen.getByRole("heading", { name: "love 1" })).toBeTruthy();
  expect(fetchMock).toHaveBeenCalledTimes(2);
});

test("the same query again is a new search", async () => {
  show();
  searchFor("love");
  await settled("done");
  searchFor("love");
  await waitFor(() => expect(fetchMock).toHaveBeenCalledTimes(2));
  await settled("done");
});

test("an empty answer offers a way on", async () => {
  show();
  searchFor("nothing");
  await settled("done");
  expect(screen.getByRole("heading", { name: "Nothing found for “nothing”" })).toBeTruthy();
});

test("an error tells what the server said", async () => {
  fetchMock.mockResolvedValue(
    new Response(JSON.stringify({ title: "Too Many Requests", detail: "Slow down." }), {
      status: 429,
      headers: { "content-type": "application/problem+json" },
    }),
  );
  show();
  searchFor("love");
  await settled("error");
  expect(screen.getByRole("alert").textContent).toContain("Slow down.");
});

test("an empty box searches nothing", () => {
  show();
  searchFor("   ");
  expect(state()).toBe("idle");
  expect(document.activeElement).toBe(box());
});

test("the slash key goes to the box", () => {
  show();
  fireEvent.keyDown(document.body, { key: "/" });
  expect(document.activeElement).toBe(box());
});
