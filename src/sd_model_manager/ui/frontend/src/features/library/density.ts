import { StoredChoice } from "@/lib/stored-choice";

export type Density = "small" | "medium" | "large";
/** How the library is shown: as cards of one of three sizes, or as a table. */
export type View = Density | "list";
export const view = new StoredChoice<View>("sdmm.density", ["small", "medium", "large", "list"], "medium");

/** Narrowest card and the height of the text below its picture, in CSS pixels. */
export const CARD_SIZES: Record<Density, { minWidth: number; captionHeight: number }> = {
  small: { minWidth: 124, captionHeight: 58 },
  medium: { minWidth: 172, captionHeight: 60 },
  large: { minWidth: 264, captionHeight: 64 },
};
const PHONE_MIN_WIDTH: Record<Density, number> = { small: 104, medium: 150, large: 300 };
const PHONE_WIDTH = 560;
const GAP = 12;
const PICTURE_RATIO = 4 / 3;

export interface GridShape {
  columns: number;
  cardWidth: number;
  cardHeight: number;
  gap: number;
}

/** The rows of a table as a grid of one column. */
export const TABLE_SHAPE: GridShape = { columns: 1, cardWidth: 0, cardHeight: 44, gap: 0 };

/** How wide the picture of a card is drawn: a square one fills the height of its box, and is cut at the sides. */
export function pictureSizes(cardWidth: number): string {
  return `${Math.round(cardWidth * PICTURE_RATIO)}px`;
}

/** How many cards fit beside each other in `width` pixels, and how large each of them is. */
export function planGrid(width: number, chosen: Density): GridShape {
  const { captionHeight } = CARD_SIZES[chosen];
  const minWidth = width < PHONE_WIDTH ? PHONE_MIN_WIDTH[chosen] : CARD_SIZES[chosen].minWidth;
  const columns = Math.max(1, Math.floor((width + GAP) / (minWidth + GAP)));
  const cardWidth = Math.floor((width - GAP * (columns - 1)) / columns);
  return { columns, cardWidth, cardHeight: Math.round(cardWidth * PICTURE_RATIO) + captionHeight, gap: GAP };
}
