import { expect, test } from "vitest";
import { relativeTime } from "../../src/trace-list/relative-time";

test.each([
  [0, "now", "今"],
  [1, "1 second ago", "1 秒前"],
  [59, "59 seconds ago", "59 秒前"],
  [60, "1 minute ago", "1 分前"],
  [3 * 60 + 59, "3 minutes ago", "3 分前"],
  [3600, "1 hour ago", "1 時間前"],
  [26 * 3600, "yesterday", "昨日"],
  [3 * 86_400, "3 days ago", "3 日前"],
  [-5, "now", "今"],
])("%i seconds ago", (seconds, en, ja) => {
  const now = 1_800_000_000_000;
  expect(relativeTime(now - seconds * 1000, now, "en")).toBe(en);
  expect(relativeTime(now - seconds * 1000, now, "ja")).toBe(ja);
});
