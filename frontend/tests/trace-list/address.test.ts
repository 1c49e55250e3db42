import { expect, test } from "vitest";
import {
  filterOf,
  isFiltered,
  readTraceListRequest,
  traceListAddress,
  withoutFilters,
} from "../../src/trace-list/address";

const ID = "0af7651916cd43dd8448eb211c80319c";
const FULL = `/traces?service=search-backend&operation=GET+%2Fsearch&errors=true&min=1.25&max=100&within=1h&shown=150&live=true&compare=${ID}`;
const read = (address: string) => readTraceListRequest(address.split("?")[1] ?? "");

test("an address is read and written without loss", () => {
  expect(traceListAddress(read(FULL))).toBe(FULL);
  expect(traceListAddress(read("/traces"))).toBe("/traces");
});

test("what makes no sense is left out of an address", () => {
  const bad =
    "operation=x&errors=1&min=-1&max=abc&within=2y&shown=x&live=yes&compare=../a&compare=G";
  expect(traceListAddress(readTraceListRequest(bad))).toBe("/traces");
  const many = readTraceListRequest(`compare=1&compare=1&compare=2&compare=3&shown=99999&min=1e12`);
  expect(many.compare).toEqual(["1", "2"]);
  expect(many.shown).toBe(1000);
  expect(many.min).toBeNull();
});

test("the API is asked in the words of Jaeger", () => {
  expect(filterOf(read(FULL))).toEqual({
    service: "search-backend",
    operation: "GET /search",
    errors: true,
    minDuration: "1.250000ms",
    maxDuration: "99.999999ms",
    lookback: "1h",
  });
  expect(filterOf(read("/traces?live=true&shown=100&compare=1"))).toEqual({});
});

test("a reset keeps what is no filter", () => {
  const request = read(FULL);
  expect(isFiltered(request)).toBe(true);
  expect(isFiltered(withoutFilters(request))).toBe(false);
  expect(traceListAddress(withoutFilters(request))).toBe(`/traces?live=true&compare=${ID}`);
  for (const one of ["service=x", "errors=true", "min=1", "max=1", "within=1d"]) {
    expect(isFiltered(readTraceListRequest(one)), one).toBe(true);
  }
});
