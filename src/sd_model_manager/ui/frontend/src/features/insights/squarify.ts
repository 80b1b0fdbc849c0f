export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Fills a box with one box per size, each as large as its share and as square as can be.
 *
 * Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000): rows are laid along the shorter side, and a row is full
 * when one more would make its worst box longer. Sizes are above 0, the largest first.
 */
export function squarify(sizes: readonly number[], box: Box): Box[] {
  const boxes: Box[] = [];
  let rest = box;
  let left = sizes.reduce((sum, size) => sum + size, 0);
  for (let start = 0; start < sizes.length; ) {
    const scale = (rest.width * rest.height) / left;
    const end = findRowEnd(sizes, start, scale, Math.min(rest.width, rest.height));
    const row = sizes.slice(start, end);
    const rowSize = row.reduce((sum, size) => sum + size, 0);
    const share = rowSize / left;
    boxes.push(...layRow(row, rowSize, share, rest));
    rest = withoutRow(rest, share);
    left -= rowSize;
    start = end;
  }
  return boxes;
}

/** The index behind the last size of the row that begins at `start`. */
function findRowEnd(sizes: readonly number[], start: number, scale: number, side: number): number {
  let area = 0;
  let worst = Number.POSITIVE_INFINITY;
  const largest = (sizes[start] ?? 0) * scale;
  for (let end = start; end < sizes.length; end += 1) {
    const smallest = (sizes[end] ?? 0) * scale;
    area += smallest;
    const ratio = Math.max((side ** 2 * largest) / area ** 2, area ** 2 / (side ** 2 * smallest));
    if (ratio > worst) return end;
    worst = ratio;
  }
  return sizes.length;
}

function layRow(row: readonly number[], rowSize: number, share: number, { x, y, width, height }: Box): Box[] {
  const isColumn = width >= height;
  let offset = 0;
  return row.map((size) => {
    const part = size / rowSize;
    const before = offset;
    offset += part;
    return isColumn
      ? { x, y: y + before * height, width: width * share, height: height * part }
      : { x: x + before * width, y, width: width * part, height: height * share };
  });
}

function withoutRow({ x, y, width, height }: Box, share: number): Box {
  return width >= height
    ? { x: x + width * share, y, width: width * (1 - share), height }
    : { x, y: y + height * share, width, height: height * (1 - share) };
}
