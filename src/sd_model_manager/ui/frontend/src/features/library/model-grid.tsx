import { useLingui } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import type { Model } from "@/api/types";
import { Skeleton } from "@/components/skeleton";
import { density, pictureSizes, planGrid } from "@/features/library/density";
import { placeOf, useArrowKeys, useInnerWidth, useScrollPlace, useSteadySight } from "@/features/library/grid-motion";
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
    initialOffset: () => placeOf(search),
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
                    pictureSizes={pictureSizes(shape.cardWidth)}
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
