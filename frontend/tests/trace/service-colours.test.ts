import { expect, test } from "vitest";
import { serviceColour, serviceColours, shareColours } from "../../src/trace/service-colours";

test("a service keeps its colour while nobody else in the trace has it", () => {
  const alone = serviceColours(["cart"]);
  expect(alone.get("cart")).toBe(serviceColour("cart"));
  const ours = serviceColours(["cart", "search-backend", "search-frontend"]);
  expect(ours.get("search-frontend")).toBe("var(--service-0)");
  expect(ours.get("search-backend")).toBe("var(--service-1)");
});

test("up to six services are told apart, in whatever order they come", () => {
  const names = ["shop-web", "cart", "payments", "search-api", "db", "search-backend"];
  const colours = serviceColours(names);
  expect(new Set(colours.values()).size).toBe(6);
  expect([...colours.keys()]).toEqual(names);
  expect(serviceColours(names.toReversed())).toEqual(colours);
  expect(serviceColours([...names, "mail"]).get("mail")).toMatch(/^var\(--service-[0-5]\)$/);
});

test("seven services have too few colours", () => {
  const named = (count: number) =>
    serviceColours(Array.from({ length: count }, (_, at) => `s${at}`));
  expect(shareColours(named(6))).toBe(false);
  expect(shareColours(named(7))).toBe(true);
});
