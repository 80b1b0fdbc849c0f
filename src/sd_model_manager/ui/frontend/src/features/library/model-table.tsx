import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, Check, Minus, Star } from "lucide-react";
import { memo, type ReactNode, useRef } from "react";
import { Link } from "react-router";
import type { Sort } from "@/api/models";
import type { Model } from "@/api/types";
import { ModelPreview } from "@/components/model-preview";
import { typeLook } from "@/components/model-type";
import { Skeleton } from "@/components/skeleton";
import { TABLE_SHAPE } from "@/features/library/density";
import { ModelMenu } from "@/features/library/model-menu";
import { SelectBox, selectBoxClass, selectMarkClass } from "@/features/library/select-box";
import { StateMarks } from "@/features/library/state-marks";
import { useListActions } from "@/features/library/use-list-actions";
import type { Selection } from "@/features/library/use-selection";
import { type ListProps, useVisibleRows } from "@/features/library/use-visible-rows";
import { VersionName } from "@/features/library/version-name";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { useShownPreview } from "@/lib/revealed";

const HEAD_HEIGHT = 36;
const ROOM = { start: HEAD_HEIGHT, end: 16 };
/** A column goes where there is no room for it; the name never does. */
const rowClass =
  "grid items-center gap-x-3 px-3 grid-cols-[1.75rem_minmax(0,1fr)_5rem] " +
  "@xl:grid-cols-[1.75rem_minmax(0,1fr)_8.5rem_5rem] @3xl:grid-cols-[1.75rem_minmax(0,3fr)_8.5rem_minmax(0,1fr)_5rem_7.5rem_3.5rem] " +
  "@7xl:grid-cols-[1.75rem_minmax(0,4fr)_8.5rem_minmax(0,1fr)_minmax(0,2fr)_minmax(0,2fr)_5rem_7.5rem_3.5rem]";
const fromMedium = "@max-xl:hidden";
const fromWide = "@max-3xl:hidden";
const fromWidest = "@max-7xl:hidden";

type ModelTableProps = ListProps & { selection: Selection; sort: Sort; onSort: (sort: Sort) => void };

/** All models as a dense table. */
export default function ModelTable({ selection, sort, onSort, ...list }: ModelTableProps) {
  const { t } = useLingui();
  const { models, total, search, openId } = list;
  const scroller = useRef<HTMLDivElement>(null);
  const { visible, height, scrollTo } = useVisibleRows(scroller, TABLE_SHAPE, ROOM, list);
  const actions = useListActions({ scroller, shape: TABLE_SHAPE, models, total, selection, scrollTo });
  return (
    <div ref={scroller} className="@container min-h-0 flex-1 overflow-y-auto overscroll-contain border-t">
      <table
        aria-label={t`Models`}
        aria-rowcount={total + 1}
        data-selecting={selection.count > 0}
        className="group/list relative block text-[13px] select-none"
        style={{ height }}
        {...actions.handlers}
      >
        <Head selection={selection} sort={sort} onSort={onSort} />
        <tbody className="contents">
          {visible.map(({ index, start }) => {
            const model = models[index];
            if (!model) return <EmptyRow key={index} index={index} start={start} />;
            return (
              <Row
                key={index}
                index={index}
                start={start}
                model={model}
                search={search}
                isOpen={model.id === openId}
                isSelected={selection.has(model.id)}
              />
            );
          })}
        </tbody>
      </table>
      <ModelMenu scroller={scroller} models={models} search={search} selection={selection} actions={actions} />
    </div>
  );
}

function Head({ selection, sort, onSort }: Pick<ModelTableProps, "selection" | "sort" | "onSort">) {
  const { t } = useLingui();
  return (
    <thead className="sticky top-0 z-10 block border-b bg-canvas" style={{ height: HEAD_HEIGHT }}>
      <tr aria-rowindex={1} className={cn(rowClass, "h-full text-xs text-ink-faint")}>
        <th scope="col" className={headClass}>
          <SelectAll selection={selection} />
        </th>
        <SortHead label={t`Name`} up="name" down="-name" sort={sort} onSort={onSort} />
        <SortHead label={t`Type`} up="type" down="-type" sort={sort} onSort={onSort} className={fromMedium} />
        <SortHead
          label={t`Base model`}
          up="base_model"
          down="-base_model"
          sort={sort}
          onSort={onSort}
          className={fromWide}
        />
        <th scope="col" className={cn(headClass, fromWidest)}>
          <Trans>Folder</Trans>
        </th>
        <th scope="col" className={cn(headClass, fromWidest)}>
          <Trans>Tags</Trans>
        </th>
        <SortHead label={t`Size`} up="size_bytes" down="-size_bytes" sort={sort} onSort={onSort} isNumber />
        <SortHead
          label={t`Added`}
          up="added_at"
          down="-added_at"
          sort={sort}
          onSort={onSort}
          isNumber
          className={fromWide}
        />
        <SortHead
          label={t`Rating`}
          up="rating"
          down="-rating"
          sort={sort}
          onSort={onSort}
          isNumber
          className={fromWide}
        />
      </tr>
    </thead>
  );
}

/** Ticked while everything that was found is selected, half while some of it is. */
function SelectAll({ selection: { count, isAll, selectAll, clear } }: { selection: Selection }) {
  const { t } = useLingui();
  const isSome = count > 0 && !isAll;
  const Mark = isSome ? Minus : Check;
  return (
    <span className="relative grid size-6.5 place-items-center">
      <input
        type="checkbox"
        aria-label={t`Select all`}
        checked={isAll && count > 0}
        ref={(box) => {
          if (box) box.indeterminate = isSome;
        }}
        onChange={(event) => (event.target.checked ? selectAll() : clear())}
        className={selectBoxClass}
      />
      <Mark aria-hidden strokeWidth={3} className={selectMarkClass} />
    </span>
  );
}

const headClass = "block min-w-0 text-left font-medium";

interface SortHeadProps {
  label: string;
  up: Sort;
  down: Sort;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** Numbers stand at the right, and the largest is asked for first. */
  isNumber?: boolean;
  className?: string;
}

function SortHead({ label, up, down, sort, onSort, isNumber = false, className }: SortHeadProps) {
  const direction = sort === up ? "ascending" : sort === down ? "descending" : undefined;
  const [first, second] = isNumber ? [down, up] : [up, down];
  const Icon = direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <th scope="col" aria-sort={direction ?? "none"} className={cn(headClass, isNumber && "text-right", className)}>
      <button
        type="button"
        onClick={() => onSort(sort === first ? second : first)}
        className={cn("inline-flex h-7 items-center gap-1 rounded hover:text-ink", direction && "text-accent-ink")}
      >
        {label}
        {direction && <Icon aria-hidden className="size-3.5" />}
      </button>
    </th>
  );
}

interface PlaceInTable {
  index: number;
  /** How far below the top of the table the row begins, in CSS pixels. */
  start: number;
}

function placeInTable({ index, start }: PlaceInTable) {
  return {
    "data-index": index,
    "aria-rowindex": index + 2,
    style: { height: TABLE_SHAPE.cardHeight, transform: `translateY(${start}px)` },
  };
}

const bodyRowClass = "absolute inset-x-0 top-0 [contain:layout_size]";

function EmptyRow(place: PlaceInTable) {
  return (
    <tr className={cn(bodyRowClass, "block")} {...placeInTable(place)}>
      <td className="block px-4 py-2">
        <Skeleton className="h-7" />
      </td>
    </tr>
  );
}

interface RowProps extends PlaceInTable {
  model: Model;
  search: string;
  isOpen: boolean;
  isSelected: boolean;
}

const Row = memo(function Row({ model, search, isOpen, isSelected, ...place }: RowProps) {
  const { t } = useLingui();
  const format = useFormat();
  const { icon: Icon, label } = typeLook(model.type);
  const previewUrl = useShownPreview(model);
  return (
    <tr
      {...placeInTable(place)}
      className={cn(
        bodyRowClass,
        rowClass,
        "group/card border-b hover:bg-raised",
        isSelected && "bg-accent-soft hover:bg-accent-soft",
        isOpen && "inset-ring-2 inset-ring-accent-ink",
      )}
    >
      <Cell className="z-1">
        <SelectBox name={model.name} isSelected={isSelected} className="relative" />
      </Cell>
      <Cell className="flex items-center gap-3">
        <span className="size-8 shrink-0 overflow-hidden rounded-md">
          <ModelPreview
            name={model.name}
            type={model.type}
            key={previewUrl}
            previewUrl={model.preview_media === "video" ? null : previewUrl}
            media={model.preview_media}
            size="small"
            className={model.state === "present" ? undefined : "opacity-45 grayscale"}
          />
        </span>
        <Link
          to={{ pathname: `/models/${model.id}`, search }}
          preventScrollReset
          aria-current={isOpen || undefined}
          draggable={false}
          dir="auto"
          title={model.name}
          className="min-w-0 truncate rounded font-medium after:absolute after:inset-0"
        >
          {model.name}
        </Link>
        <VersionName of={model} />
        <span className="relative z-1 ml-auto scale-90">
          <StateMarks model={model} />
        </span>
      </Cell>
      <Cell className={cn("flex items-center gap-1.5 text-ink-soft", fromMedium)}>
        <Icon aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
        <span className="truncate">{t(label)}</span>
      </Cell>
      <Cell className={cn(fromWide, "truncate text-ink-soft")}>{model.base_model ?? t`Unknown base`}</Cell>
      <Cell className={cn(fromWidest, "truncate text-ink-soft")}>{model.folder}</Cell>
      <Cell className={cn(fromWidest, "truncate text-ink-soft")}>{model.tags.join(", ")}</Cell>
      <Cell className="text-right text-ink-soft tabular-nums">{format.bytes(model.size_bytes)}</Cell>
      <Cell className={cn(fromWide, "text-right text-ink-soft tabular-nums")}>
        <time dateTime={model.added_at} title={format.date(model.added_at)}>
          {format.day(model.added_at)}
        </time>
      </Cell>
      <Cell className={cn(fromWide, "text-right text-ink-soft tabular-nums")}>
        {model.rating !== null && (
          <span role="img" aria-label={t`Rated ${model.rating} of 5`} className="inline-flex items-center gap-0.5">
            {model.rating}
            <Star aria-hidden className="size-3.5 fill-amber-400 text-amber-500" />
          </span>
        )}
      </Cell>
    </tr>
  );
});

function Cell({ className, children }: { className?: string; children: ReactNode }) {
  return <td className={cn("block min-w-0", className)}>{children}</td>;
}
