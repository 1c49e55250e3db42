// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { initialLanguage, rememberLanguage } from "../../src/i18n/language";

afterEach(() => localStorage.clear());

const browserSpeaks = (...tags: string[]) =>
  vi.spyOn(navigator, "languages", "get").mockReturnValue(tags);

test("the browser's first language that we speak", () => {
  browserSpeaks("fr-FR", "ja-JP", "en");
  expect(initialLanguage()).toBe("ja");
  browserSpeaks("fr-FR");
  expect(initialLanguage()).toBe("en");
});

test("an earlier choice comes first", () => {
  browserSpeaks("en-GB");
  rememberLanguage("ja");
  expect(initialLanguage()).toBe("ja");
});

test("storage may be forbidden", () => {
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  browserSpeaks("ja");
  expect(initialLanguage()).toBe("ja");
});
