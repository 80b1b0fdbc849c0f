import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import type { ListedModels } from "@/api/model-window";
import type { GridShape } from "@/features/library/density";
import { placeOf, useScrollPlace, useSteadySight } from "@/features/library/grid-motion";

export interface ListProps {
  models: ListedModels;
  /** How many there are in all; those not yet fetched are shown as empty cards. */
  total: number;
  /** The address' search part: cards keep it, and each has its own place to scroll to. */
  search: string;
  openId: number | null;
  /** Is told from which model to which the list is in sight, or soon will be. */
  onShow: (first: number, last: number) => void;
}

const OVERSCAN_ROWS = 1;

interface Room {
  start: number;
  end: number;
}

/** The rows in sight: only these are in the document, so that 100,000 models scroll as smoothly as 100. */
export function useVisibleRows(
  scroller: RefObject<HTMLElement | null>,
  shape: GridShape,
  room: Room,
  { models, total, search, openId, onShow }: ListProps,
) {
  const rowHeight = shape.cardHeight + shape.gap;
  const rows = useVirtualizer({
    count: Math.ceil(total / shape.columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN_ROWS,
    paddingStart: room.start,
    scrollPaddingStart: room.start,
    paddingEnd: room.end,
    initialOffset: () => placeOf(search),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height of the rows makes old measurements wrong
  useLayoutEffect(() => rows.measure(), [rowHeight, rows]);
  useScrollPlace(scroller, search);
  useSteadySight(scroller, shape, models, openId);

  const visible = rows.getVirtualItems();
  const first = (visible[0]?.index ?? 0) * shape.columns;
  const last = Math.min(total, ((visible.at(-1)?.index ?? 0) + 1) * shape.columns) - 1;
  useEffect(() => onShow(first, last), [first, last, onShow]);

  const scrollTo = (index: number) => rows.scrollToIndex(Math.floor(index / shape.columns));
  useOpenInSight(models, openId, scrollTo);
  return { visible, height: rows.getTotalSize(), scrollTo };
}

/** Goes along where one model after the other is opened. */
function useOpenInSight(models: ListedModels, openId: number | null, scrollTo: (index: number) => void): void {
  const last = useRef(openId);
  useEffect(() => {
    if (openId === last.current) return;
    const index = openId === null ? -1 : models.findIndex((model) => model?.id === openId);
    if (index >= 0 && last.current !== null) scrollTo(index);
    if (index >= 0 || openId === null) last.current = openId;
  });
}
