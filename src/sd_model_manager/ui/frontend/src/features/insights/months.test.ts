import { expect, test } from "vitest";
import { accumulate } from "@/features/insights/months";

test("months in which nothing was added stand between the others, with what there was before", () => {
  const months = accumulate([
    { value: "2025-11", count: 2, size_bytes: 20 },
    { value: "2026-02", count: 1, size_bytes: 5 },
  ]);
  expect(months.map(({ month }) => month)).toEqual(["2025-11", "2025-12", "2026-01", "2026-02"]);
  expect(months[2]).toEqual({
    month: "2026-01",
    added: { count: 0, size_bytes: 0 },
    total: { count: 2, size_bytes: 20 },
  });
  expect(months[3]?.total).toEqual({ count: 3, size_bytes: 25 });
});

test("without models there are no months", () => {
  expect(accumulate([])).toEqual([]);
});
