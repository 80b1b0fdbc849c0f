import { expect, test } from "vitest";
import { formatAgo, formatBytes, formatDuration } from "@/lib/format";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [228_000_000, "228 MB"],
  [6_940_000_000, "6.94 GB"],
  [3_000_000_000_000_000, "3,000 TB"],
])("%d bytes read as %s", (bytes, text) => {
  expect(formatBytes(bytes, "en")).toBe(text);
});

test.each([
  [0, "0 sec"],
  [59.6, "1 min"],
  [101, "1 min 41 sec"],
  [3_725, "1 hr 2 min"],
  [90_000, "1 day 1 hr"],
])("%d seconds read as %s", (seconds, text) => {
  expect(formatDuration(seconds, "en")).toBe(text);
});

test("an age is told in its largest unit, in the language of the page", () => {
  const now = Date.parse("2026-05-01T12:00:00Z");
  expect(formatAgo("2026-05-01T09:10:00Z", "en", now)).toBe("2 hours ago");
  expect(formatAgo("2026-05-01T11:59:50Z", "en", now)).toBe("now");
  expect(formatAgo("2026-04-28T12:00:00Z", "ja", now)).toBe("3 日前");
});
