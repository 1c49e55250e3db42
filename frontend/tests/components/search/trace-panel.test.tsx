// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TracePanel } from "../../../src/components/search/TracePanel";
import { I18nProvider } from "../../../src/i18n/I18n";
import type { Language } from "../../../src/i18n/language";
import type { TraceRef } from "../../../src/search/run";
import { trace } from "../../trace/sketch";

const service = "search-frontend";
const root = { id: "r", name: "frontend_search", at: 0, for: 100, service };
const request = { id: "h", name: "http_request", parent: "r", at: 20, for: 50, service };
const server = { id: "s", parent: "h", at: 30, for: 30, kind: "server" } as const;

const fetchMock = vi.fn<typeof fetch>();
beforeEach(() => {
  vi.stubGlobal("fetch", fetchMock.mockReset());
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
});
afterEach(cleanup);

const show = (told: Omit<TraceRef, "id">, language: Language = "en") =>
  render(
    <I18nProvider initial={language}>
      <TracePanel trace={{ id: "t", ...told }} />
    </I18nProvider>,
  );
const kept = (...spans: Parameters<typeof trace>) =>
  fetchMock.mockImplementation(async () => Response.json({ data: [trace(...spans)] }));

test.each([
  ["en", "Not sampled", /was not recorded.*OTEL_TRACES_SAMPLER/],
  ["ja", "サンプリング対象外", /この検索は記録されていません.*OTEL_TRACES_SAMPLER/],
] as const)("a search that nobody recorded says so and why: %s", (language, title, why) => {
  show({ fromBrowser: false, fromServer: false }, language);
  expect(screen.getByRole("heading", { name: title })).toBeTruthy();
  expect(screen.getByText(why)).toBeTruthy();
  expect(screen.queryByRole("link")).toBeNull();
  expect(fetchMock).not.toHaveBeenCalled();
});

test.each([
  ["en", "The server did not sample this search. Only the browser’s spans are shown."],
  [
    "ja",
    "サーバーはこの検索をサンプリングしませんでした。ブラウザーのスパンだけを表示しています。",
  ],
] as const)(
  "one that the server left out is shown as the browser saw it: %s",
  async (language, said) => {
    kept(root, request);
    show({ fromBrowser: true, fromServer: false }, language);
    expect(await screen.findByText(said)).toBeTruthy();
    expect(screen.getByRole("link").getAttribute("href")).toBe("/traces/t");
    expect(document.querySelectorAll(".notice")).toHaveLength(1);
  },
);

test("one that both recorded needs no words", async () => {
  kept(root, request, server);
  show({ fromBrowser: true, fromServer: true });
  await screen.findByRole("button", { name: "Show the waterfall" });
  expect(screen.queryByText(/sample/)).toBeNull();
});
