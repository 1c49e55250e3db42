// @vitest-environment jsdom
import { fireEvent } from "@testing-library/dom";
import { cleanup, render, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Book } from "../../src/api/books";
import { I18nProvider } from "../../src/i18n/I18n";
import LibraryPage from "../../src/pages/LibraryPage";

const EMMA: Book = {
  id: "austen-emma",
  title: "Emma",
  author: "Jane Austen",
  year: 1816,
  language: "en",
  word_count: 160_994,
};
const BIBLE: Book = { ...EMMA, id: "bible-kjv", title: "Bible", author: null, year: null };

const fetchMock = vi.fn<typeof fetch>();
beforeEach(() => {
  vi.stubGlobal("fetch", fetchMock.mockReset());
  history.replaceState(null, "", "/library");
});
afterEach(cleanup);

const answers = (total_books: number, ...books: Book[]) =>
  fetchMock.mockImplementation(async () => Response.json({ books, total_books }));
const show = () =>
  render(
    <I18nProvider initial="en">
      <LibraryPage />
    </I18nProvider>,
  );
const asked = () => {
  const { pathname, search } = new URL(String(fetchMock.mock.lastCall?.[0]));
  return pathname + search;
};

test("books stand by author, and lead to the reader", async () => {
  answers(2, EMMA, BIBLE);
  show();
  const shelf = within(await screen.findByRole("list", { name: "Books" }));
  expect(asked()).toBe("/books?sort=author&limit=100");
  expect(
    shelf.getAllByRole("listitem").map((book) => book.querySelector("p")?.textContent),
  ).toEqual(["Jane Austen, 1816", "Unknown author"]);
  expect(shelf.getByRole("link", { name: "Emma" }).getAttribute("href")).toBe("/read/austen-emma");
});

test("covers and list are two views of the same books, fetched once", async () => {
  answers(2, EMMA, BIBLE);
  show();
  await screen.findByRole("list", { name: "Books" });
  fireEvent.click(screen.getByRole("radio", { name: "List" }));
  expect(await screen.findByRole("table", { name: "Books" })).toBeTruthy();
  expect(location.search).toBe("?view=list");
  expect(fetchMock).toHaveBeenCalledTimes(1);
  fireEvent.click(screen.getByRole("radio", { name: "Covers" }));
  expect(await screen.findByRole("list", { name: "Books" })).toBeTruthy();
  expect(location.search).toBe("");
});

test("books are listed by author, and lead to the reader", async () => {
  answers(2, EMMA, BIBLE);
  history.replaceState(null, "", "/library?view=list");
  show();
  const table = within(await screen.findByRole("table", { name: "Books" }));
  expect(asked()).toBe("/books?sort=author&limit=100");
  const rows = table.getAllByRole("row").slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    "EmmaJane Austen1816160,994",
    "BibleUnknown author–160,994",
  ]);
  expect(table.getByRole("link", { name: "Emma" }).getAttribute("href")).toBe("/read/austen-emma");
  expect(screen.getByRole("status").textContent).toBe("2 books. A search covers all of them.");
  expect(screen.queryByRole("navigation", { name: "Pages of the library" })).toBeNull();
});

test("another order is another address", async () => {
  answers(2, EMMA, BIBLE);
  history.replaceState(null, "", "/library?view=list");
  show();
  const table = within(await screen.findByRole("table"));
  const header = () => table.getByRole("columnheader", { name: "Year" });
  expect(header().getAttribute("aria-sort")).toBeNull();
  fireEvent.click(within(header()).getByRole("link"));
  await waitFor(() => expect(asked()).toBe("/books?sort=year&limit=100"));
  expect(header().getAttribute("aria-sort")).toBe("ascending");
});

test("a large library is paged and filtered", async () => {
  answers(350, EMMA);
  show();
  fireEvent.click(await screen.findByRole("link", { name: "Next" }));
  await waitFor(() => expect(asked()).toBe("/books?sort=author&limit=100&offset=100"));
  expect(screen.getByText("Page 2 of 4")).toBeTruthy();
  const author = screen.getByRole("textbox", { name: "Author’s name" });
  fireEvent.input(author, { target: { value: "austen " } });
  fireEvent.click(screen.getByRole("button", { name: "Filter" }));
  await waitFor(() => expect(asked()).toBe("/books?sort=author&limit=100&author=austen"));
  expect(location.search).toBe("?author=austen");
});

test("a filter without a book leads back to all books", async () => {
  history.replaceState(null, "", "/library?title=xyzzy");
  answers(0);
  show();
  expect(await screen.findByRole("heading", { name: "No books found" })).toBeTruthy();
  for (const link of screen.getAllByRole("link", { name: "Show all books" })) {
    expect(link.getAttribute("href")).toBe("/library");
  }
});
