// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { type Problem, ProblemError } from "../../src/api/problem";
import { ErrorMessage } from "../../src/components/ErrorMessage";
import { I18nProvider } from "../../src/i18n/I18n";
import type { Language } from "../../src/i18n/language";

afterEach(cleanup);

const show = (error: unknown, language: Language = "en") =>
  render(
    <I18nProvider initial={language}>
      <ErrorMessage error={error} title="Failed" onRetry={() => {}} />
    </I18nProvider>,
  );
const problem = (told: Partial<Problem>) =>
  new ProblemError({ type: "about:blank", title: "Title", status: 400, detail: "Why.", ...told });

test("a problem is told in the words of the page, by its type", () => {
  show(problem({ type: "/docs#no-letter-or-digit" }), "ja");
  expect(screen.getByText(/検索語に文字も数字もありません/)).toBeTruthy();
  expect(screen.queryByText("Why.")).toBeNull();
});

test("by its status, where that says enough", () => {
  show(problem({ status: 500 }), "ja");
  expect(screen.getByText(/サーバーでエラーが発生しました/)).toBeTruthy();
  expect(screen.getByText("ステータス 500")).toBeTruthy();
});

test("which part of a request is not valid is told by the server", () => {
  show(problem({ type: "/docs#invalid-request" }), "ja");
  expect(screen.getByText(/サーバーが受け付けない値/)).toBeTruthy();
  expect(screen.getByText("Why.").lang).toBe("en");
});

test("what the page does not know is in the server's words", () => {
  show(problem({ type: "/docs#from-the-future" as Problem["type"], status: 500 }), "ja");
  expect(screen.getByText("Why.").lang).toBe("en");
});

test("an answer that the page does not understand does not look like a server that is gone", () => {
  show(new TypeError("Cannot read properties of undefined"));
  expect(screen.getByRole("alert").textContent).toContain("could not read the server’s response");
  expect(screen.getByRole("button", { name: "Reload the page" })).toBeTruthy();
});
