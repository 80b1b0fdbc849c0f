import { useLingui } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Model } from "@/api/types";
import { Skeleton } from "@/components/skeleton";
import { density, type GridShape, planGrid } from "@/features/library/density";
import { ModelCard } from "@/features/library/model-card";

interface ModelGridProps {
  models: Model[];
  /** How many there are in all; those not yet fetched are shown as empty cards. */
  total: number;
  /** The address' search part: cards keep it, and each has its own place to scroll to. */
  search: string;
  openId: number | null;
  onNeedMore: () => void;
}

const OVERSCAN_ROWS = 3;
const EDGE = 16;
const scrollPlaces = new Map<string, number>();

/** All models, of which only those in sight are in the document: 100,000 scroll as smoothly as 100. */
export function ModelGrid({ models, total, search, openId, onNeedMore }: ModelGridProps) {
  const { t } = useLingui();
  const scroller = useRef<HTMLDivElement>(null);
  const chosen = density.use();
  const shape = planGrid(useInnerWidth(scroller) - EDGE * 2, chosen);
  const rowHeight = shape.cardHeight + shape.gap;
  const rows = useVirtualizer({
    count: Math.ceil(total / shape.columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN_ROWS,
    paddingStart: 4,
    paddingEnd: EDGE,
    initialOffset: () => scrollPlaces.get(search) ?? 0,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height of the rows makes old measurements wrong
  useLayoutEffect(() => rows.measure(), [rowHeight, rows]);
  useScrollPlace(scroller, search);
  useSteadySight(scroller, shape, models, openId);

  const visible = rows.getVirtualItems();
  const lastNeeded = Math.min(total, ((visible.at(-1)?.index ?? 0) + 1) * shape.columns);
  useEffect(() => {
    if (lastNeeded > models.length) onNeedMore();
  }, [lastNeeded, models.length, onNeedMore]);

  const onKeyDown = useArrowKeys(scroller, shape, total, (index) =>
    rows.scrollToIndex(Math.floor(index / shape.columns)),
  );
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overscroll-contain" data-testid="grid-scroller">
      <ul
        aria-label={t`Models`}
        onKeyDown={onKeyDown}
        className="relative"
        style={{ height: rows.getTotalSize(), margin: `0 ${EDGE}px` }}
      >
        {visible.flatMap((row) =>
          Array.from({ length: Math.min(shape.columns, total - row.index * shape.columns) }, (_, column) => {
            const index = row.index * shape.columns + column;
            const model = models[index];
            return (
              <li
                key={index}
                data-index={index}
                aria-setsize={total}
                aria-posinset={index + 1}
                className="absolute top-0 left-0 [contain:layout_size]"
                style={{
                  width: shape.cardWidth,
                  height: shape.cardHeight,
                  transform: `translate(${column * (shape.cardWidth + shape.gap)}px, ${row.start}px)`,
                }}
              >
                {model ? (
                  <ModelCard
                    key={model.id}
                    model={model}
                    search={search}
                    isOpen={model.id === openId}
                    density={chosen}
                  />
                ) : (
                  <Skeleton className="h-full rounded-xl" />
                )}
              </li>
            );
          }),
        )}
      </ul>
    </div>
  );
}

/** The width inside the element, without its scroll bar, as it changes. */
function useInnerWidth(element: RefObject<HTMLElement | null>): number {
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

/** Remembers how far each view was scrolled; another view starts where it was left, or at its top. */
function useScrollPlace(scroller: RefObject<HTMLElement | null>, view: string): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = scrollPlaces.get(view) ?? 0;
    const remember = () => scrollPlaces.set(view, element.scrollTop);
    element.addEventListener("scroll", remember, { passive: true });
    return () => element.removeEventListener("scroll", remember);
  }, [scroller, view]);
}

/**
 * Keeps in sight what was in sight when the shape of the grid changes, as when the panel of a model opens beside it:
 * the model that was opened last, or else the first row.
 */
function useSteadySight(
  scroller: RefObject<HTMLElement | null>,
  shape: GridShape,
  models: Model[],
  openId: number | null,
): void {
  const before = useRef(shape);
  const lastOpen = useRef(openId);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = shape;
    lastOpen.current = openId ?? lastOpen.current;
    const element = scroller.current;
    if (!element || (old.columns === shape.columns && old.cardHeight === shape.cardHeight)) return;
    const oldRow = old.cardHeight + old.gap;
    const first = Math.floor(element.scrollTop / oldRow) * old.columns;
    const inSight = models.slice(first, first + (Math.ceil(element.clientHeight / oldRow) + 1) * old.columns);
    const anchor =
      first +
      Math.max(
        0,
        inSight.findIndex((model) => model.id === lastOpen.current),
      );
    const moved =
      Math.floor(anchor / shape.columns) * (shape.cardHeight + shape.gap) - Math.floor(anchor / old.columns) * oldRow;
    element.scrollTop += moved;
    // A card that was out of sight for one layout has lost the focus it was opened with.
    afterLayout(() => {
      if (document.activeElement === document.body) linkAt(element, anchor)?.focus({ preventScroll: true });
    });
  });
}

/** Arrow keys, Home and End go from card to card. */
function useArrowKeys(
  scroller: RefObject<HTMLElement | null>,
  shape: GridShape,
  total: number,
  scrollTo: (index: number) => void,
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
  return (event: KeyboardEvent<HTMLElement>) => {
    const at = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    const index = Number(at?.dataset.index);
    const step: Record<string, number> = {
      ArrowRight: index + 1,
      ArrowLeft: index - 1,
      ArrowDown: index + shape.columns,
      ArrowUp: index - shape.columns,
      Home: 0,
      End: total - 1,
    };
    const next = step[event.key];
    if (!at || next === undefined || next < 0 || next >= total || event.altKey || event.ctrlKey || event.metaKey)
      return;
    event.preventDefault();
    focus(next);
  };
}

function linkAt(grid: HTMLElement | null, index: number): HTMLElement | null {
  return grid?.querySelector<HTMLElement>(`[data-index="${index}"] a`) ?? null;
}

/** Once what was just scrolled to is in the document. */
function afterLayout(action: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(action));
}
