// @vitest-environment jsdom
import { fireEvent } from "@testing-library/dom";
import { act, cleanup, render, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { BookDetails, BookHits } from "../../src/api/books";
import { I18nProvider } from "../../src/i18n/I18n";
import ReaderPage from "../../src/pages/ReaderPage";

vi.mock("../../src/telemetry/loader", () => ({ newTraceWhenReady: async () => null }));

/** A book of 60 chapters, each a heading and a paragraph, on three pages. */
const FILLING = "It was a long day and nothing came of it. ".repeat(11);
const CHAPTERS = Array.from({ length: 60 }, (_, index) => `CHAPTER ${index + 1}`);
const TEXT = CHAPTERS.map((title, index) => `${title}\n\nWhale ${index + 1}. ${FILLING}\n\n`).join(
  "",
);
const startOf = (chapter: number) => TEXT.indexOf(`Whale ${chapter}.`);
const BOOK: BookDetails = {
  id: "moby",
  title: "Moby Dick",
  author: "Herman Melville",
  year: 1851,
  language: "en",
  word_count: 5000,
  character_count: TEXT.length,
  source: "nltk",
  rights: "Public domain.",
  url: "https://example.org/moby",
  contents: CHAPTERS.flatMap((title, index) => [
    ...(index % 30 === 0
      ? [{ title: `PART ${index / 30 + 1}`, level: 1, start: TEXT.indexOf(`${title}\n`) }]
      : []),
    { title, level: 2, start: TEXT.indexOf(`${title}\n`) + 1 },
  ]),
};

const fetchMock = vi.fn<typeof fetch>();
const asked: string[] = [];
let headers: Record<string, string> = {};
beforeEach(() => {
  vi.stubGlobal("fetch", fetchMock.mockReset());
  fetchMock.mockImplementation(async (input) => {
    const url = new URL(String(input), location.href);
    asked.push(url.pathname + url.search);
    return answer(url);
  });
  asked.length = 0;
  headers = {};
  Element.prototype.scrollIntoView = vi.fn();
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
});
afterEach(cleanup);

function answer({ pathname, searchParams }: URL): Response {
  const number = (name: string, usual: number) => Number(searchParams.get(name) ?? usual);
  if (pathname === "/books/moby") return Response.json(BOOK);
  if (pathname === "/books/moby/text") {
    const offset = number("offset", 0);
    const text = TEXT.slice(offset, offset + number("limit", 1));
    return Response.json({ id: "moby", offset, character_count: TEXT.length, text });
  }
  if (pathname === "/books/moby/search") {
    const query = searchParams.get("q") ?? "";
    return Response.json(
      find(
        query,
        number("from", 0),
        number("to", TEXT.length),
        number("offset", 0),
        number("limit", 20),
        searchParams.get("backwards") === "true",
      ),
      { headers },
    );
  }
  return Response.json({ title: "There is no such book" }, { status: 404, headers: PROBLEM });
}
const PROBLEM = { "content-type": "application/problem+json" };

function find(
  q: string,
  from: number,
  to: number,
  offset: number,
  limit: number,
  backwards: boolean,
): BookHits {
  const all = q === "whale" ? CHAPTERS.map((_, index) => startOf(index + 1)) : [];
  const within = all.filter((start) => start >= from && start < to);
  const hits = backwards ? within.slice(-limit) : within.slice(offset, offset + limit);
  return {
    id: "moby",
    query: q,
    total_passages: all.length,
    first_ordinal: all.indexOf(hits[0] ?? -1) + 1,
    hits: hits.map((start) => ({
      start,
      end: start + 30,
      text: TEXT.slice(start, start + 30),
      highlights: [{ start: 0, end: 5 }],
    })),
    did_you_mean: q === "whael" ? "whale" : null,
    notices: [],
    partial: false,
    trace_id: "ab".repeat(16),
  };
}

const open = async (address = "", state: unknown = null) => {
  history.replaceState(state, "", `/read/moby${address}`);
  render(
    <I18nProvider initial="en">
      <ReaderPage id="moby" />
    </I18nProvider>,
  );
  await screen.findByRole("heading", { level: 1, name: "Moby Dick" });
};
const text = () => screen.getByRole("region", { name: /^Text, page/ });
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const pageIs = (page: number) =>
  waitFor(() => expect(text().getAttribute("aria-label")).toBe(`Text, page ${page} of 3`));
const marks = () => within(text()).queryAllByText("Whale", { selector: "mark" });
const steps = () => screen.getByText(/^Hit \d+ of 60$|^60 hits$/).textContent;

test("a book opens at its first page", async () => {
  await open();
  await pageIs(1);
  await waitFor(() => expect(document.title).toBe("Moby Dick, page 1 · Gutenberg Explorer"));
  expect(within(text()).getByRole("heading", { name: "CHAPTER 1" })).toBeTruthy();
  expect(asked.filter((url) => url.includes("/search"))).toEqual([]);
  const about = within(screen.getByRole("region", { name: "About this text" }));
  expect(about.getByText("Public domain.")).toBeTruthy();
  expect(about.getByRole("link").getAttribute("href")).toBe("https://example.org/moby");
});

test("a passage is shown on its page, emphasised, with the words marked", async () => {
  const start = startOf(30);
  await open(`?at=${start}-${start + 30}&q=whale`);
  await pageIs(2);
  const target = text().querySelector(".target");
  expect(target?.textContent).toBe(TEXT.slice(start, start + 30));
  await waitFor(() => expect(marks().length).toBeGreaterThan(10));
  expect(target?.closest("p")).toBe(document.activeElement);
  expect(steps()).toBe("Hit 30 of 60");
  // The hits are not listed until that is asked for: a search is a trace.
  expect(asked.some((url) => url.includes("limit=20"))).toBe(false);
});

test("a page that begins within a chapter says so among its headings", async () => {
  await open("?page=2");
  await pageIs(2);
  const headings = screen
    .getAllByRole("heading")
    .map(({ tagName, textContent }) => [tagName, textContent]);
  expect(headings.slice(0, 4)).toEqual([
    ["H1", "Moby Dick"],
    ["H2", "PART 1"],
    ["H3", "CHAPTER 21"],
    ["H3", "CHAPTER 22"],
  ]);
});

test("n and p go from hit to hit, over the bounds of pages", async () => {
  await open("?q=whale");
  await waitFor(() => expect(marks().length).toBeGreaterThan(10));
  press("n");
  await waitFor(() => expect(steps()).toBe("Hit 1 of 60"));
  const last = marks().length;
  const start = startOf(last);
  act(() => history.pushState(null, "", `/read/moby?at=${start}-${start + 30}&q=whale`));
  await waitFor(() => expect(steps()).toBe(`Hit ${last} of 60`));
  press("n");
  await pageIs(2);
  await waitFor(() => expect(steps()).toBe(`Hit ${last + 1} of 60`));
  press("p");
  await pageIs(1);
  await waitFor(() => expect(steps()).toBe(`Hit ${last} of 60`));
  const at = new URLSearchParams(location.search).get("at");
  expect(at).toBe(`${start}-${start + 30}`);
});

test("pages are turned by keys and links, and the focus goes along", async () => {
  await open();
  await pageIs(1);
  press("ArrowLeft");
  press("ArrowRight");
  await pageIs(2);
  expect(location.search).toBe("?page=2");
  expect(document.activeElement).toBe(text());
  press("[");
  await pageIs(1);
  const pages = within(screen.getByRole("navigation", { name: "Pages of the book" }));
  fireEvent.click(pages.getByRole("link", { name: "Next" }));
  await pageIs(2);
});

test("keys do nothing in a field", async () => {
  await open();
  await pageIs(1);
  press("/");
  const box = screen.getByRole("searchbox", { name: "Search in this book" });
  expect(document.activeElement).toBe(box);
  press("]");
  expect(location.search).toBe("");
});

test("the book is searched, and its hits are listed with their chapters", async () => {
  await open("?page=3");
  await pageIs(3);
  const box = screen.getByRole("searchbox", { name: "Search in this book" });
  fireEvent.input(box, { target: { value: "whale" } });
  fireEvent.click(screen.getByRole("button", { name: "Find" }));
  expect(await screen.findByText("60 passages with “whale”")).toBeTruthy();
  expect(location.search).toBe("?page=3&q=whale");
  const list = () => within(screen.getByRole("list", { name: "Hits" })).getAllByRole("link");
  expect(list()).toHaveLength(20);
  expect(list()[1]?.textContent).toContain("PART 1 · CHAPTER 2Whale 2.");
  fireEvent.click(screen.getByRole("button", { name: "More hits" }));
  await waitFor(() => expect(list()).toHaveLength(40));
  fireEvent.click(list()[30] as HTMLElement);
  await waitFor(() => expect(steps()).toBe("Hit 31 of 60"));
  // The list stays while its hits are read.
  expect(list()).toHaveLength(40);
  expect(list()[30]?.getAttribute("aria-current")).toBe("true");
  expect(screen.getByRole("link", { name: "Trace of this search" }).getAttribute("href")).toBe(
    `/traces/${"ab".repeat(16)}`,
  );
});

test("the order of the hits is chosen, and the address keeps it", async () => {
  await open("?q=whale");
  expect(await screen.findByText("60 passages with “whale”")).toBeTruthy();
  const listed = () => asked.filter((url) => url.includes("limit=20"));
  expect(listed()).toEqual(["/books/moby/search?q=whale&order=relevance&limit=20"]);
  const order = screen.getByRole("combobox", { name: "Sort by" }) as HTMLSelectElement;
  fireEvent.change(order, { target: { value: "place" } });
  await waitFor(() => expect(location.search).toBe("?q=whale&order=place"));
  await waitFor(() =>
    expect(listed().slice(1)).toEqual(["/books/moby/search?q=whale&order=place&limit=20"]),
  );
  // The list stays meanwhile, and so does the focus.
  expect(order.isConnected).toBe(true);
  expect(order.value).toBe("place");
  const [first] = within(screen.getByRole("list", { name: "Hits" })).getAllByRole("link");
  expect(first?.getAttribute("href")).toContain("&q=whale&order=place");
  // The hits of the page and the steps come by place in either order.
  expect(asked.filter((url) => url.includes("limit=500")).join()).not.toContain("relevance");
});

test("a search that nobody records says so where its trace would be", async () => {
  headers = { traceresponse: `00-${"ab".repeat(16)}-${"b".repeat(16)}-00` };
  await open();
  const box = screen.getByRole("searchbox", { name: "Search in this book" });
  fireEvent.input(box, { target: { value: "whale" } });
  fireEvent.click(screen.getByRole("button", { name: "Find" }));
  const said = await screen.findByText("Not sampled");
  expect(said.title).toContain("OTEL_TRACES_SAMPLER");
  expect(screen.queryByRole("link", { name: "Trace of this search" })).toBeNull();
});

test("a query that the book lacks is corrected", async () => {
  await open("?q=whael");
  expect(await screen.findByText("No passages with “whael” in this book.")).toBeTruthy();
  fireEvent.click(screen.getByRole("link", { name: "whale" }));
  expect(await screen.findByText("60 passages with “whale”")).toBeTruthy();
});

test("contents are folded, and open where one reads", async () => {
  await open(`?at=${startOf(45)}`);
  await pageIs(3);
  const contents = within(screen.getByRole("navigation", { name: "Contents" }));
  expect(contents.getByRole("link", { current: true }).textContent).toBe("CHAPTER 45");
  expect(contents.queryByRole("link", { name: "CHAPTER 1" })).toBeNull();
  fireEvent.click(contents.getByRole("button", { name: "Show the chapters in PART 1" }));
  fireEvent.click(contents.getByRole("link", { name: "CHAPTER 1" }));
  await pageIs(1);
  expect(contents.getByRole("link", { current: true }).textContent).toBe("CHAPTER 1");
});

test("every paragraph has a link, which is copied", async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { ...navigator, languages: ["en"], clipboard: { writeText } });
  await open("?q=whale");
  await pageIs(1);
  const paragraph = (await screen.findAllByText(/nothing came of it/))[0]?.closest("p");
  fireEvent.click(within(paragraph as HTMLElement).getByRole("link"));
  const at = `${startOf(1)}-${startOf(1) + `Whale 1. ${FILLING}`.trim().length}`;
  await waitFor(() =>
    expect(writeText).toHaveBeenCalledWith(`${location.origin}/read/moby?at=${at}&q=whale`),
  );
  expect(location.search).toBe(`?at=${at}&q=whale`);
  expect(await screen.findByText("The link to this passage was copied.")).toBeTruthy();
});

test("a page that cannot be turned to leaves the one before, until it can", async () => {
  await open();
  await pageIs(1);
  fetchMock.mockRejectedValueOnce(new TypeError("gone"));
  act(() => history.pushState(null, "", "/read/moby?page=3"));
  const alert = await screen.findByRole("alert");
  expect(within(alert).getByRole("heading", { level: 2 })).toBeTruthy();
  expect(within(text()).getByRole("heading", { name: "CHAPTER 1" })).toBeTruthy();
  expect(screen.getByRole("heading", { level: 1, name: "Moby Dick" })).toBeTruthy();
  fireEvent.click(within(alert).getByRole("button", { name: "Try now" }));
  await pageIs(3);
  expect(screen.queryByRole("alert")).toBeNull();
});

test("the way back leads to the results, if one came from there", async () => {
  await open("?q=whale");
  expect(screen.queryByRole("link", { name: "Back to the results" })).toBeNull();
  cleanup();
  await open("?q=whale", { results: { address: "/?q=whale&sort=year", search: "1-2" } });
  const back = screen.getByRole("link", { name: "Back to the results" });
  fireEvent.click(back);
  expect(location.search).toBe("?q=whale&sort=year");
  expect(history.state).toEqual({ search: "1-2" });
});

test("a book that is not there says so", async () => {
  render(
    <I18nProvider initial="en">
      <ReaderPage id="nothing" />
    </I18nProvider>,
  );
  expect(await screen.findByRole("heading", { name: "Book not found" })).toBeTruthy();
});
