// @vitest-environment jsdom
import { expect, test } from "vitest";
import {
  readSearchRequest,
  type SearchRequest,
  searchAddress,
  searchFor,
  searchUrl,
} from "../../src/search/address";

const EVERYTHING: SearchRequest = {
  q: '"white whale" & co',
  method: "tfidf",
  author: "Herman Melville",
  title: "moby",
  book: "melville-moby_dick",
  sort: "year",
  page: 3,
};
const queryOf = (address: string) => address.slice(address.indexOf("?"));

test("an address names what differs from the default and no more", () => {
  expect(searchAddress(searchFor("love"))).toBe("/?q=love");
  expect(searchAddress({ ...searchFor("love"), page: 2, author: "Jane Austen" })).toBe(
    "/?q=love&author=Jane+Austen&page=2",
  );
});

test.each([searchFor("love"), EVERYTHING])("an address is read as it was written", (request) => {
  expect(readSearchRequest(queryOf(searchAddress(request)))).toEqual(request);
});

test("what an address says wrongly counts as not said", () => {
  expect(readSearchRequest("?q=love&method=magic&sort=colour&page=-4")).toEqual(searchFor("love"));
  expect(readSearchRequest("?q=love&page=x")).toEqual(searchFor("love"));
  expect(readSearchRequest("?author=Austen")).toBeNull();
});

test("the API is asked for one page of what is wanted", () => {
  expect(searchUrl(searchFor("love")).search).toBe("?q=love&method=bm25&limit=20");
  expect(Object.fromEntries(searchUrl(EVERYTHING).searchParams)).toEqual({
    q: '"white whale" & co',
    method: "tfidf",
    limit: "20",
    offset: "40",
    sort: "year",
    author: "Herman Melville",
    title: "moby",
    book: "melville-moby_dick",
  });
});
