// @vitest-environment jsdom
import { fireEvent } from "@testing-library/dom";
import { cleanup, render, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SearchResponse, SearchResult } from "../../src/api/search";
import { I18nProvider } from "../../src/i18n/I18n";
import { SearchPage } from "../../src/pages/SearchPage";

vi.mock("../../src/telemetry/loader", () => ({ newTraceWhenReady: async () => null }));

const fetchMock = vi.fn<typeof fetch>();
beforeEach(() => {
  vi.stubGlobal("fetch", fetchMock.mockReset());
  fetchMock.mockImplementation(async (url) => answer(new URL(String(url), location.href)));
  history.replaceState(null, "", "/");
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
});
afterEach(cleanup);

let special: Partial<SearchResponse> = {};
let headers: Record<string, string> = {};
afterEach(() => {
  special = {};
  headers = {};
});

function answer(url: URL): Response {
  const query = url.searchParams.get("q") ?? "";
  const results = query === "nothing" ? [] : [hit(`${query} 1`), hit(`${query} 2`)];
  const found: SearchResponse = {
    query,
    method: url.searchParams.get("method") === "tfidf" ? "tfidf" : "bm25",
    total_results: results.length,
    results,
    authors: [
      { name: "Jane Austen", books: 3 },
      { name: "Herman Melville", books: 1 },
    ],
    did_you_mean: null,
    notices: [],
    partial: false,
    trace_id: "",
    ...special,
  };
  return Response.json(found, { headers });
}

const hit = (title: string): SearchResult => ({
  id: title.replace(" ", "-"),
  title,
  author: null,
  year: 1816,
  score: 0.5,
  snippet: title,
  passages_count: 14,
  passages: [{ start: 10, end: 14, text: title, highlights: [{ start: 0, end: 4 }] }],
});

const show = () =>
  render(
    <I18nProvider initial="en">
      <SearchPage />
    </I18nProvider>,
  );
const open = (address: string) => {
  history.replaceState(null, "", address);
  show();
};
const state = () => screen.getByRole("main").dataset.searchState;
const settled = (wanted: string) => waitFor(() => expect(state()).toBe(wanted));
const box = () => screen.getByRole<HTMLInputElement>("searchbox", { name: "Search the books" });
const searchFor = (query: string) => {
  fireEvent.input(box(), { target: { value: query } });
  fireEvent.click(screen.getByRole("button", { name: "Search" }));
};
const choose = (label: string, value: string) =>
  fireEvent.change(screen.getByRole("combobox", { name: label }), { target: { value } });
const link = (name: string | RegExp) => screen.getByRole("link", { name });
const asked = () => new URL(String(fetchMock.mock.lastCall?.[0])).searchParams;

test("a first visit invites to search", async () => {
  show();
  expect(state()).toBe("idle");
  fireEvent.click(screen.getByRole("button", { name: "white whale" }));
  await settled("done");
  expect(location.search).toBe("?q=white+whale");
  expect(box().value).toBe("white whale");
});

test("results are a list of articles whose passages lead into the book", async () => {
  show();
  searchFor("love");
  await settled("done");
  expect(screen.getByRole("status").textContent).toBe("2 books for “love”");
  const articles = within(screen.getByRole("list", { name: "Results" })).getAllByRole("article");
  expect(articles).toHaveLength(2);
  const first = within(articles[0] as HTMLElement);
  expect(first.getByRole("heading").textContent).toBe("love 1");
  expect(articles[0]?.querySelector("mark")?.textContent).toBe("love");
  expect(first.getAllByRole("link").map((each) => each.getAttribute("href"))).toEqual([
    "/read/love-1",
    "/read/love-1?at=10-14&q=love",
    "/read/love-1?q=love",
  ]);
  expect(first.getByRole("link", { name: "14 passages in this book" })).toBeTruthy();
});

test("passages are searched unless the address says otherwise", async () => {
  open("/?q=time");
  expect(state()).toBe("loading");
  expect(box().value).toBe("time");
  await settled("done");
  expect(Object.fromEntries(asked())).toEqual({ q: "time", method: "bm25", limit: "20" });
  fireEvent.click(screen.getByRole("radio", { name: "Whole books" }));
  await waitFor(() => expect(location.search).toBe("?q=time&method=tfidf"));
  await waitFor(() => expect(asked().get("method")).toBe("tfidf"));
});

test("the address holds everything that is asked", async () => {
  open("/?q=time&method=tfidf&author=Jane+Austen&title=emma&book=b&sort=year&page=2");
  await settled("done");
  expect(Object.fromEntries(asked())).toEqual({
    q: "time",
    method: "tfidf",
    limit: "20",
    offset: "20",
    author: "Jane Austen",
    title: "emma",
    book: "b",
    sort: "year",
  });
});

test("filters are chosen, kept with a new query, and taken away", async () => {
  open("/?q=love&page=3");
  await settled("done");
  const authors = screen.getByRole("combobox", { name: "Author" });
  expect(
    within(authors)
      .getAllByRole("option")
      .map((each) => each.textContent),
  ).toEqual(["All authors", "Jane Austen (3)", "Herman Melville (1)"]);
  choose("Author", "Jane Austen");
  await waitFor(() => expect(location.search).toBe("?q=love&author=Jane+Austen"));
  fireEvent.input(screen.getByRole("textbox", { name: "Title" }), { target: { value: " emma " } });
  fireEvent.submit(screen.getByRole("textbox", { name: "Title" }));
  await waitFor(() => expect(asked().get("title")).toBe("emma"));
  await settled("done");
  searchFor("sea");
  await waitFor(() => expect(asked().get("q")).toBe("sea"));
  await settled("done");
  expect(location.search).toBe("?q=sea&author=Jane+Austen&title=emma");
  fireEvent.click(link("Remove the filter Author: Jane Austen"));
  await waitFor(() => expect(location.search).toBe("?q=sea&title=emma"));
  await settled("done");
});

test("an author without a hit stays chosen", async () => {
  open("/?q=nothing&author=Nobody");
  await settled("done");
  const author = screen.getByRole<HTMLSelectElement>("combobox", { name: "Author" });
  expect(author.value).toBe("Nobody");
});

test("results are paged", async () => {
  special = { total_results: 45 };
  open("/?q=love&page=2");
  await settled("done");
  const pages = within(screen.getByRole("navigation", { name: "Result pages" }));
  expect(pages.getByText("Page 2 of 3")).toBeTruthy();
  expect(pages.getByRole("link", { name: "Previous" }).getAttribute("href")).toBe("/?q=love");
  fireEvent.click(pages.getByRole("link", { name: "Next" }));
  await waitFor(() => expect(asked().get("offset")).toBe("40"));
  await settled("done");
  const last = within(screen.getByRole("navigation", { name: "Result pages" }));
  expect(last.queryByRole("link", { name: "Next" })).toBeNull();
});

test("what the server remarks is shown", async () => {
  special = { did_you_mean: "conscience", notices: ["searched_literally"] };
  open("/?q=consceince&author=Jane+Austen&page=2");
  await settled("done");
  expect(link("conscience").getAttribute("href")).toBe("/?q=conscience&author=Jane+Austen");
  expect(screen.getByText(/searched as plain words/)).toBeTruthy();
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

test("the results before stay in sight until there are new ones", async () => {
  show();
  searchFor("love");
  await settled("done");
  let respond: (response: Response) => void = () => {};
  fetchMock.mockReturnValueOnce(new Promise((resolve) => (respond = resolve)));
  searchFor("sea");
  await settled("loading");
  const shown = () => screen.getByRole("list", { name: "Results" }).closest(".answer");
  expect(shown()?.getAttribute("aria-busy")).toBe("true");
  expect(screen.getByRole("heading", { name: "love 1" })).toBeTruthy();
  respond(answer(new URL("/search?q=sea", location.href)));
  await settled("done");
  expect(shown()?.getAttribute("aria-busy")).toBe("false");
  expect(screen.queryByRole("heading", { name: "love 1" })).toBeNull();
});

test("whoever searches from the welcome page stays in the box", async () => {
  show();
  box().focus();
  searchFor("love");
  await settled("done");
  expect(document.activeElement).toBe(box());
});

test("the arrow keys go from the box through the results and back", async () => {
  open("/?q=love");
  await settled("done");
  const press = (key: string, more = {}) =>
    fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
  const focused = () => document.activeElement?.textContent;
  press("ArrowDown");
  expect(document.activeElement).toBe(document.body);
  box().focus();
  press("ArrowDown");
  expect(focused()).toBe("love 1");
  press("ArrowDown", { shiftKey: true });
  expect(focused()).toBe("love 1");
  press("ArrowDown");
  press("ArrowDown");
  expect(focused()).toBe("love 2");
  const passage = screen.getAllByRole("link").find(({ className }) => className === "passage");
  passage?.focus();
  press("ArrowUp");
  expect(document.activeElement?.closest("h2")?.textContent).toBe("love 1");
  press("ArrowUp");
  expect(document.activeElement).toBe(box());
});

test("the same query again is a new search", async () => {
  show();
  searchFor("love");
  await settled("done");
  searchFor("love");
  await waitFor(() => expect(fetchMock).toHaveBeenCalledTimes(2));
  await settled("done");
});

test("an empty answer offers what could help, and no more", async () => {
  open("/?q=nothing");
  await settled("done");
  expect(screen.getByRole("heading", { name: "No results for “nothing”" })).toBeTruthy();
  expect(link("Search whole books instead of passages").getAttribute("href")).toBe(
    "/?q=nothing&method=tfidf",
  );
  expect(screen.queryByRole("link", { name: "Search without the filters" })).toBeNull();
  expect(screen.queryByText(/fewer words/)).toBeNull();
});

test("an empty answer to an elaborate search offers simpler ones", async () => {
  special = { total_results: 0, results: [] };
  open(`/?${new URLSearchParams({ q: '"no such thing"', title: "emma", method: "tfidf" })}`);
  await settled("done");
  expect(screen.getByText(/fewer words/)).toBeTruthy();
  expect(link("Search without the quotes").getAttribute("href")).toBe(
    "/?q=no+such+thing&method=tfidf&title=emma",
  );
  expect(link("Search without the filters").getAttribute("href")).toBe(
    "/?q=%22no+such+thing%22&method=tfidf",
  );
  expect(link("Search passages instead of whole books")).toBeTruthy();
});

test("a page past the last leads back to the first", async () => {
  special = { total_results: 5, results: [] };
  open("/?q=love&page=9");
  await settled("done");
  expect(link("Go to the first page").getAttribute("href")).toBe("/?q=love");
});

test("an error tells what the server said", async () => {
  fetchMock.mockResolvedValue(
    new Response(JSON.stringify({ title: "Conflict", detail: "Not now." }), {
      status: 409,
      headers: { "content-type": "application/problem+json" },
    }),
  );
  show();
  searchFor("love");
  await settled("error");
  expect(screen.getByRole("alert").textContent).toContain("Not now.");
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

test("a search that nobody records has no trace to look at", async () => {
  special = { trace_id: "a".repeat(32) };
  headers = { traceresponse: `00-${"a".repeat(32)}-${"b".repeat(16)}-00` };
  open("/?q=love");
  await settled("done");
  expect(screen.getByRole("heading", { name: "Not sampled" })).toBeTruthy();
  const links = screen.getAllByRole("link").map((each) => each.getAttribute("href"));
  expect(links.filter((href) => href?.startsWith("/traces"))).toEqual([]);
  expect(fetchMock).toHaveBeenCalledOnce();
});

test("a search that was cut says so, and its numbers are lower bounds", async () => {
  special = { partial: true, notices: ["partial"], total_results: 2 };
  open("/?q=love");
  await settled("done");
  expect(screen.getByRole("status").textContent).toBe("At least 2 books for “love”");
  expect(screen.getByText(/too expensive to complete/)).toBeTruthy();
  expect(screen.getAllByRole("link", { name: "At least 14 passages in this book" })).toHaveLength(
    2,
  );
  expect(screen.getByRole("option", { name: "Jane Austen (at least 3)" })).toBeTruthy();
});

test("a search that a busy server refused is repeated after the time that it asks for", async () => {
  const refused = () =>
    Response.json(
      { type: "/docs#search-busy", title: "The server is busy", status: 503 },
      {
        status: 503,
        headers: { "Retry-After": "900", "Content-Type": "application/problem+json" },
      },
    );
  fetchMock.mockImplementationOnce(async () => refused());
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    open("/?q=love");
    await vi.waitFor(() => expect(screen.getByRole("alert")).toBeTruthy());
    const alert = screen.getByRole("alert");
    expect(alert.textContent).toContain("The server is busy");
    expect(alert.textContent).toMatch(/Trying again in (9|1,[012])\d\d seconds/);
    expect(fetchMock).toHaveBeenCalledTimes(1);
    // `waitFor` moves the clock too, by less than a minute.
    await vi.advanceTimersByTimeAsync(840_000);
    expect(fetchMock).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(360_000);
    await vi.waitFor(() => expect(state()).toBe("done"));
  } finally {
    vi.useRealTimers();
  }
  expect(fetchMock).toHaveBeenCalledTimes(2);
  expect(screen.getByRole("status").textContent).toBe("2 books for “love”");
});
