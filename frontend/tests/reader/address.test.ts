import { expect, test } from "vitest";
import { readerAddress, readReaderRequest } from "../../src/reader/address";

test.each([
  [{}, "/read/emma"],
  [{ page: 1 }, "/read/emma"],
  [{ page: 4, q: "love" }, "/read/emma?page=4&q=love"],
  [{ at: { start: 10, end: 20 }, q: "love & war" }, "/read/emma?at=10-20&q=love+%26+war"],
  [{ at: { start: 10, end: 10 } }, "/read/emma?at=10"],
  [{ page: 4, q: "love", order: "place" as const }, "/read/emma?page=4&q=love&order=place"],
])("%j has an address of its own", (request, address) => {
  expect(readerAddress("emma", request)).toBe(address);
  const { page } = readReaderRequest(address.slice("/read/emma".length));
  expect(page ?? 1).toBe("page" in request ? request.page : 1);
  expect(readReaderRequest(address.slice("/read/emma".length))).toMatchObject({
    ...request,
    page,
  });
});

test("the order by relevance needs no word in the address", () => {
  expect(readerAddress("emma", { q: "love", order: "relevance" })).toBe("/read/emma?q=love");
});

test("what an address says wrongly counts as not said", () => {
  const nothing = { at: undefined, page: undefined, q: undefined };
  expect(readReaderRequest("?at=-5&page=0x2&q=%20")).toEqual(nothing);
  expect(readReaderRequest("?at=1-2-3&page=99999999")).toEqual(nothing);
  expect(readReaderRequest("?at=99999999999&order=size")).toEqual(nothing);
});

test("an id may hold any character", () => {
  expect(readerAddress("a/b?c", {})).toBe("/read/a%2Fb%3Fc");
});
