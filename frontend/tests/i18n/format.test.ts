import { expect, test } from "vitest";
import { formatFor } from "../../src/i18n/format";
import { LANGUAGES } from "../../src/i18n/language";

const en = formatFor("en");

test.each([
  [0, "0 ns"],
  [1, "1 ns"],
  [450, "450 ns"],
  [999, "999 ns"],
  [999.7, "1 µs"],
  [1000, "1 µs"],
  [2400, "2.4 µs"],
  [999_400, "999 µs"],
  [1_000_000, "1 ms"],
  [1_234_000, "1.23 ms"],
  [12_345_000, "12.3 ms"],
  [123_456_000, "123 ms"],
  [999_960_000, "1 s"],
  [1_500_000_000, "1.5 s"],
  [10_200_000_000, "10.2 s"],
  [75_000_000_000, "75 s"],
  [-450, "-450 ns"],
  [-2_500_000, "-2.5 ms"],
])("%d ns is %s, in every language", (nanos, text) => {
  for (const language of LANGUAGES) expect(formatFor(language).duration(nanos)).toBe(text);
});

test("numbers and dates", () => {
  expect(en.number(2_621_613)).toBe("2,621,613");
  expect(en.score(0.14699)).toBe("0.147");
  expect(formatFor("ja").dateTime(Date.UTC(2026, 10, 22, 12))).toMatch(/^2026\/11\/2/);
});

test.each(LANGUAGES)(
  "in %s, numbers are written as Intl does, also on the short way",
  (language) => {
    const format = formatFor(language);
    const three = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
    const number = new Intl.NumberFormat(language);
    const score = new Intl.NumberFormat(language, three);
    const percent = new Intl.NumberFormat(language, { style: "percent" });
    const odd = [
      -0,
      -1,
      -999,
      0.0005,
      0.0015,
      998.9996,
      999,
      999.5,
      1000,
      1000.5,
      1e6,
      123_456_789,
      1e15,
      1e21,
      1e-9,
      Number.NaN,
    ];
    let seed = 7;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const some = Array.from({ length: 3000 }, () => random() * 10 ** Math.floor(random() * 5));
    some.push(...some.map((value) => Math.floor(value * 10_000)));
    for (const value of [...Array(1100).keys(), ...odd, ...some]) {
      expect(format.number(value)).toBe(number.format(value));
      expect(format.score(value)).toBe(score.format(value));
      for (const share of [value, value / 100]) {
        expect(format.percent(share)).toBe(percent.format(share));
      }
    }
  },
);
