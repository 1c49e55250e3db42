import { expect, test } from "vitest";
import { splitTime } from "../../src/search/search-trace";
import { buildTree } from "../../src/trace/tree";
import { trace } from "../trace/sketch";

const MS = 1_000_000;
const browser = "search-frontend";
const root = { id: "r", name: "frontend_search", at: 0, for: 100, service: browser };
const request = { id: "h", name: "http_request", parent: "r", at: 20, for: 50, service: browser };
const server = { id: "s", parent: "h", at: 30, for: 30, kind: "server" } as const;
const search = { id: "p", name: "perform_search", parent: "s", at: 35, for: 20 };

const split = (...sketches: Parameters<typeof trace>) => splitTime(buildTree(trace(...sketches)));

test("a search's time is what each part has for itself", () => {
  expect(split(root, request, server, search)).toEqual({
    total: 100,
    parts: { browser: 50, network: 20, server: 10, search: 20 },
  });
});

test("what a server does after its answer is nobody's wait", () => {
  expect(split(root, request, { ...server, for: 60 }, search)?.parts).toEqual({
    browser: 50,
    network: 10,
    server: 20,
    search: 20,
  });
});

test("missing spans leave their parts open", () => {
  expect(split(root, request)?.parts).toEqual({
    browser: 50,
    network: undefined,
    server: undefined,
    search: undefined,
  });
  expect(split({ id: "s", at: 0, for: 30, kind: "server" })).toMatchObject({
    total: 30,
    parts: { browser: undefined, server: 30 },
  });
  expect(split({ id: "x", at: 0, for: 1 })).toBeNull();
});

test("a server of another clock answers for as long as it worked", () => {
  const { parts } = split(
    { ...root, for: 100 * MS },
    { ...request, at: 20 * MS, for: 50 * MS, kind: "client" },
    { ...server, at: -900 * MS, for: 30 * MS, service: "search-backend" },
    { ...search, at: -895 * MS, for: 20 * MS },
  ) ?? { parts: null };
  expect(parts).toEqual({ browser: 50 * MS, network: 20 * MS, server: 10 * MS, search: 20 * MS });
});
