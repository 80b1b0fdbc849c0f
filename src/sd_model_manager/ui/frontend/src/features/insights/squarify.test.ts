import { expect, test } from "vitest";
import { squarify } from "@/features/insights/squarify";

const box = { x: 10, y: 20, width: 600, height: 400 };
const sizes = [600, 600, 400, 300, 200, 200, 100];

test("every box has the area of its share, and together they fill the whole", () => {
  const boxes = squarify(sizes, box);
  const total = sizes.reduce((sum, size) => sum + size);
  boxes.forEach(({ width, height }, index) => {
    expect(width * height).toBeCloseTo(((sizes[index] ?? 0) / total) * 600 * 400, 3);
  });
});

test("no box lies outside the whole or on another one", () => {
  const boxes = squarify(sizes, box);
  boxes.forEach((one, index) => {
    expect(one.x).toBeGreaterThanOrEqual(10);
    expect(one.x + one.width).toBeLessThanOrEqual(610.001);
    expect(one.y + one.height).toBeLessThanOrEqual(420.001);
    for (const other of boxes.slice(index + 1)) {
      const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
      const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
      expect(Math.min(across, down)).toBeLessThan(0.001);
    }
  });
});

test("boxes are nearly square where the sizes allow it, as in the paper's example", () => {
  const ratios = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 }).map(({ width, height }) =>
    Math.max(width / height, height / width),
  );
  expect(Math.max(...ratios)).toBeLessThan(3);
});

test("one size takes all of it, and none takes nothing", () => {
  expect(squarify([5], box)).toEqual([box]);
  expect(squarify([], box)).toEqual([]);
});
