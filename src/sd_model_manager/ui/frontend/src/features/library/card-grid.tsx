import { useLingui } from "@lingui/react/macro";
import { useRef } from "react";
import { Skeleton } from "@/components/skeleton";
import { type Density, pictureSizes, planGrid } from "@/features/library/density";
import { useInnerWidth } from "@/features/library/grid-motion";
import { ModelCard } from "@/features/library/model-card";
import { ModelMenu } from "@/features/library/model-menu";
import { useListActions } from "@/features/library/use-list-actions";
import type { Selection } from "@/features/library/use-selection";
import { useSweep } from "@/features/library/use-sweep";
import { type ListProps, useVisibleRows } from "@/features/library/use-visible-rows";

const EDGE = 16;
const ROOM = { start: 4, end: EDGE };

type CardGridProps = ListProps & { density: Density; selection: Selection };

/** All models as cards. */
export function CardGrid({ density, selection, ...list }: CardGridProps) {
  const { t } = useLingui();
  const { models, total, search, openId } = list;
  const scroller = useRef<HTMLDivElement>(null);
  const shape = planGrid(useInnerWidth(scroller) - EDGE * 2, density);
  const { visible, height, scrollTo } = useVisibleRows(scroller, shape, ROOM, list);
  const listBox = useRef<HTMLUListElement>(null);
  const { box, onPointerDown } = useSweep(scroller, listBox, { shape, total, start: ROOM.start }, selection);
  const actions = useListActions({ scroller, shape, models, total, selection, scrollTo });
  return (
    <div
      ref={scroller}
      onPointerDown={onPointerDown}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
      data-testid="grid-scroller"
    >
      <ul
        ref={listBox}
        aria-label={t`Models`}
        data-selecting={selection.count > 0}
        className="group/list relative select-none"
        style={{ height, margin: `0 ${EDGE}px` }}
        {...actions.handlers}
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
                    model={model}
                    search={search}
                    isOpen={model.id === openId}
                    isSelected={selection.has(model.id)}
                    density={density}
                    pictureSizes={pictureSizes(shape.cardWidth)}
                  />
                ) : (
                  <Skeleton className="h-full rounded-xl" />
                )}
              </li>
            );
          }),
        )}
        {box && (
          <li
            role="presentation"
            className="pointer-events-none absolute z-10 rounded border border-accent-ink bg-accent/20"
            style={box}
          />
        )}
      </ul>
      <ModelMenu scroller={scroller} models={models} search={search} selection={selection} actions={actions} />
    </div>
  );
}
