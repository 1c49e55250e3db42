import { expect, test } from "vitest";
import { booksRequest, libraryAddress, readLibraryRequest } from "../../src/library/address";

const ALL = { title: "", author: "", sort: "author", view: "covers", page: 1 } as const;

test.each([
  [ALL, "/library"],
  [
    { title: "the sea", author: "Melville", sort: "year", view: "list", page: 2 },
    "/library?title=the+sea&author=Melville&sort=year&view=list&page=2",
  ],
] as const)("an address is read as it was written", (request, address) => {
  expect(libraryAddress(request)).toBe(address);
  expect(readLibraryRequest(address.slice("/library".length))).toEqual(request);
});

test("what an address says wrongly counts as not said", () => {
  expect(readLibraryRequest("?sort=colour&view=tiles&page=0")).toEqual(ALL);
});

test("the API is asked for one page", () => {
  expect(booksRequest(ALL)).toEqual({ sort: "author", limit: 100 });
  expect(booksRequest({ ...ALL, title: "sea", page: 3 })).toEqual({
    sort: "author",
    limit: 100,
    offset: 200,
    title: "sea",
  });
});
