import { expect, test } from "vitest";
import { isBlank } from "../../src/trace/names";

test.each(["", " ", "\t\n", "\u200b", "\u00a0\u202e\u2069", "\ufeff", "\0"])(
  "nothing is seen of %j",
  (name) => {
    expect(isBlank(name)).toBe(true);
  },
);

test.each(["a", " a ", "雪", ".", "-", "\u{1f600}"])("%j is seen", (name) => {
  expect(isBlank(name)).toBe(false);
});
