import { type KeyboardEvent, type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import type { ListedModels } from "@/api/model-window";
import type { GridShape } from "@/features/library/density";

const scrollPlaces = new Map<string, number>();

/** The width inside the element, without its scroll bar, as it changes. */
export function useInnerWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(() => window.innerWidth);
  useLayoutEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const observer = new ResizeObserver(() => setWidth(watched.clientWidth));
    observer.observe(watched);
    setWidth(watched.clientWidth);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** How far a view was scrolled when it was left. */
export function placeOf(view: string): number {
  return scrollPlaces.get(view) ?? 0;
}

/** Remembers how far each view was scrolled; another view starts where it was left, or at its top. */
export function useScrollPlace(scroller: RefObject<HTMLElement | null>, view: string): void {
  const place = useRef(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // Not even asked for where nothing changes: the browser would lay everything out to answer.
    if (place.current !== placeOf(view)) element.scrollTop = placeOf(view);
    const remember = () => {
      place.current = element.scrollTop;
      scrollPlaces.set(view, place.current);
    };
    element.addEventListener("scroll", remember, { passive: true });
    return () => element.removeEventListener("scroll", remember);
  }, [scroller, view]);
}

/**
 * Keeps in sight what was in sight when the shape of the grid changes, as when the panel of a model opens beside it:
 * the model that was opened last, or else the first row. The focus stays with it.
 */
export function useSteadySight(
  scroller: RefObject<HTMLElement | null>,
  shape: GridShape,
  models: ListedModels,
  openId: number | null,
): void {
  const before = useRef<GridShape>(undefined);
  const lastOpen = useRef(openId);
  const holdsFocus = useHeldFocus(scroller, openId);
  useLayoutEffect(() => {
    const [grid, old] = [scroller.current, before.current];
    // Until cards are drawn the width is a guess, and nothing is in sight yet.
    if (grid?.querySelector("[data-index]")) before.current = shape;
    lastOpen.current = openId ?? lastOpen.current;
    if (!grid || !old || (old.columns === shape.columns && old.cardHeight === shape.cardHeight)) return;
    const anchor = findAnchor(grid, old, models, lastOpen.current);
    grid.scrollTop += rowStart(shape, anchor) - rowStart(old, anchor);
    // A card that was out of sight for one layout has lost the focus it was opened with.
    afterLayout(() => {
      if (holdsFocus.current && document.activeElement === document.body) {
        linkAt(grid, anchor)?.focus({ preventScroll: true });
      }
    });
  });
}

/** Whether the grid has the focus, or gets it back because the panel that had it was closed. */
function useHeldFocus(scroller: RefObject<HTMLElement | null>, openId: number | null): RefObject<boolean> {
  const holds = useRef(false);
  const wasOpen = useRef(openId);
  useLayoutEffect(() => {
    const isClosing = wasOpen.current !== null && openId === null;
    wasOpen.current = openId;
    if (isClosing || scroller.current?.contains(document.activeElement)) holds.current = true;
    else if (document.activeElement !== document.body) holds.current = false;
  });
  return holds;
}

/** The index of the model in sight that was opened last; that of the first one in sight where it is none of them. */
function findAnchor(grid: HTMLElement, shape: GridShape, models: ListedModels, lastOpen: number | null): number {
  const row = shape.cardHeight + shape.gap;
  const first = Math.floor(grid.scrollTop / row) * shape.columns;
  const inSight = models.slice(first, first + (Math.ceil(grid.clientHeight / row) + 1) * shape.columns);
  return (
    first +
    Math.max(
      0,
      inSight.findIndex((model) => model?.id === lastOpen),
    )
  );
}

/** Where the row of the card with this index begins, in pixels. */
function rowStart(shape: GridShape, index: number): number {
  return Math.floor(index / shape.columns) * (shape.cardHeight + shape.gap);
}

/** Arrow keys, Home and End go from card to card; with Shift, `onExtend` is told where to. Says whether the key was one. */
export function useArrowKeys(
  scroller: RefObject<HTMLElement | null>,
  shape: GridShape,
  total: number,
  scrollTo: (index: number) => void,
  onExtend: (index: number, from: number) => void,
) {
  const focus = useCallback(
    (index: number) => {
      const found = linkAt(scroller.current, index);
      if (found) return found.focus();
      scrollTo(index);
      afterLayout(() => linkAt(scroller.current, index)?.focus());
    },
    [scroller, scrollTo],
  );
  return (event: KeyboardEvent<HTMLElement>): boolean => {
    const index = indexOf(event.target);
    if (index === null || event.altKey || event.ctrlKey || event.metaKey) return false;
    const step: Record<string, number> = {
      ArrowRight: index + 1,
      ArrowLeft: index - 1,
      ArrowDown: index + shape.columns,
      ArrowUp: index - shape.columns,
      Home: 0,
      End: total - 1,
    };
    const next = step[event.key];
    if (next === undefined || next < 0 || next >= total) return false;
    event.preventDefault();
    if (event.shiftKey) onExtend(next, index);
    focus(next);
    return true;
  };
}

/** Which model an element of the grid belongs to. */
export function indexOf(target: EventTarget): number | null {
  const at = (target as HTMLElement).closest<HTMLElement>("[data-index]");
  return at ? Number(at.dataset.index) : null;
}

export function linkAt(grid: HTMLElement | null, index: number): HTMLElement | null {
  return grid?.querySelector<HTMLElement>(`[data-index="${index}"] a`) ?? null;
}

/** Once what was just scrolled to is in the document. */
function afterLayout(action: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(action));
}
