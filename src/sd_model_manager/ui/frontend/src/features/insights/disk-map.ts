import { type HierarchyRectangularNode, hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import type { Branch, Leaf } from "@/features/insights/disk-tree";

export type Tile = HierarchyRectangularNode<Leaf>;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The height of what is written above the leaves of a branch, in CSS pixels. */
export const HEADING = 22;
const GAP = 2;
const HEADED = { width: 64, height: 3 * HEADING };

/**
 * Places branches, and in each its leaves, as large as what they take and as square as can be. One leaf alone has no
 * place of its own.
 */
export function mapDisk(branches: Branch[], width: number, height: number): Tile[] {
  const whole = { key: "", label: null, count: 0, size_bytes: 0, to: "", leaves: branches };
  const partsOf = (leaf: Leaf) => (leaf === whole || leavesOf(leaf).length > 1 ? leavesOf(leaf) : null);
  const sizes = hierarchy<Leaf>(whole, partsOf).sum((leaf) => (partsOf(leaf) ? 0 : leaf.size_bytes));
  const place = treemap<Leaf>()
    .tile(treemapSquarify.ratio(1))
    .size([width, height])
    .paddingInner(GAP)
    .paddingTop((tile) => (isHeaded(tile) ? HEADING : 0));
  return place(sizes).children ?? [];
}

export function leavesOf(leaf: Leaf): Leaf[] {
  return (leaf as Branch).leaves ?? [];
}

/** Whether there is room for the name of a branch above its leaves. */
export function isHeaded(tile: Tile): boolean {
  const { width, height } = boxOf(tile);
  return tile.depth === 1 && tile.children !== undefined && width > HEADED.width && height > HEADED.height;
}

export function boxOf({ x0, y0, x1, y1 }: Tile): Box {
  return { x: x0, y: y0, width: Math.max(0.5, x1 - x0), height: Math.max(0.5, y1 - y0) };
}
