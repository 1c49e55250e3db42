import { expect, test } from "vitest";
import { formatFor } from "../../src/i18n/format";

const en = formatFor("en");

test.each([
  [0, "0 µs"],
  [7, "7 µs"],
  [999, "999 µs"],
  [1000, "1 ms"],
  [1234, "1.23 ms"],
  [12_345, "12.3 ms"],
  [123_456, "123 ms"],
  [999_960, "1 s"],
  [1_500_000, "1.5 s"],
  [75_000_000, "75 s"],
  [-2500, "-2.5 ms"],
])("%i µs is %s", (micros, text) => {
  expect(en.duration(micros)).toBe(text);
});

test("numbers and dates", () => {
  expect(en.number(2_621_613)).toBe("2,621,613");
  expect(en.score(0.14699)).toBe("0.147");
  expect(formatFor("ja").dateTime(Date.UTC(2026, 10, 22, 12) * 1000)).toMatch(/^2026\/11\/2/);
});
