import { expect, test } from "vitest";
import { planGrid } from "@/features/library/density";

test.each([
  [358, "medium", 2],
  [358, "small", 3],
  [358, "large", 1],
  [1024, "medium", 5],
  [2300, "large", 8],
] as const)("%d pixels hold, with %s cards, %d beside each other", (width, density, columns) => {
  const shape = planGrid(width, density);
  expect(shape.columns).toBe(columns);
  expect(shape.columns * shape.cardWidth + (shape.columns - 1) * shape.gap).toBeLessThanOrEqual(width);
});
