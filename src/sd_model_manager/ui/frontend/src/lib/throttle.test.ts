import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { throttle } from "@/lib/throttle";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("a burst of calls runs at once and once more at its end", () => {
  let runs = 0;
  const call = throttle(() => {
    runs += 1;
  }, 1000);
  for (let index = 0; index < 50; index++) call();
  expect(runs).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(runs).toBe(2);
  vi.advanceTimersByTime(10_000);
  expect(runs).toBe(2);
});
