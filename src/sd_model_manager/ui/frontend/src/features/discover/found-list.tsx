import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { SearchX } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { type BrowseFilters, useFound, useLanding } from "@/api/discover";
import type { Browsable, Found } from "@/api/types";
import { Button } from "@/components/button";
import { Skeleton } from "@/components/skeleton";
import { EmptyState } from "@/components/states";
import { goToCard } from "@/features/discover/card-keys";
import { FoundCard } from "@/features/discover/found-card";
import { countChoices } from "@/features/discover/search";
import { SourceProblem } from "@/features/discover/source-problem";
import { cn } from "@/lib/cn";

const GRID =
  "grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-3 sm:grid-cols-[repeat(auto-fill,minmax(12rem,1fr))]";

interface FoundListProps {
  source: Browsable;
  filters: BrowseFilters;
  openId: string | null;
  onDownload: (link: string) => Promise<boolean>;
  onClear: () => void;
  /** Where else the same words could be looked for. */
  elsewhere: ReactNode;
}

/** What a source has found, page after page as one scrolls. */
export function FoundList({ source, filters, openId, onDownload, onClear, elsewhere }: FoundListProps) {
  const { t } = useLingui();
  const list = useFound(source.source, filters);
  const found = useMemo(() => unique(list.data?.pages.flatMap((page) => page.items) ?? []), [list.data]);
  const landing = useLanding(list.dataUpdatedAt);
  const retry = () => void (list.data ? list.fetchNextPage() : list.refetch());
  if (list.isPending) return <GridSkeleton />;
  if (list.isError && found.length === 0) {
    return <SourceProblem title={source.title} error={list.error} at={list.errorUpdatedAt} onRetry={retry} />;
  }
  const isEmpty = found.length === 0 && !list.hasNextPage;
  return (
    <div
      className={cn("px-4 pb-6", list.isPlaceholderData && "opacity-60 transition-opacity")}
      aria-busy={list.isFetching}
    >
      <p role="status" className="mb-2 text-[13px] text-ink-faint tabular-nums">
        {found.length > 0 && <Plural value={found.length} one="# model shown" other="# models shown" />}
        {found.length > 0 && filters.q !== "" && !source.sorts_words && t` · by relevance`}
      </p>
      {isEmpty && <NothingFound filters={filters} onClear={onClear} elsewhere={elsewhere} />}
      <ul aria-label={t`Models`} className={GRID} onKeyDown={goToCard}>
        {found.map((model) => (
          <li key={model.model_id}>
            <FoundCard
              found={model}
              isOpen={model.model_id === openId}
              landedId={landing.ofLink(model.link)}
              isUnderWay={landing.isUnderWay(model.link)}
              onDownload={onDownload}
            />
          </li>
        ))}
      </ul>
      {list.isFetchNextPageError && (
        <SourceProblem title={source.title} error={list.error} at={list.errorUpdatedAt} onRetry={retry} />
      )}
      {list.hasNextPage && !list.isFetchNextPageError && <More list={list} />}
      {!list.hasNextPage && found.length > 0 && (
        <p className="pt-6 text-center text-[13px] text-ink-faint">
          <Trans>That is all.</Trans>
        </p>
      )}
    </div>
  );
}

/** A list that changes while it is read may name a model twice. */
function unique(models: Found[]): Found[] {
  return [...new Map(models.map((model) => [model.model_id, model])).values()];
}

/** Pages in a row without anything to show, after which only a click asks for more. */
const EMPTY_AT_MOST = 3;

/** Asks for the next page when the end comes near; a button, for who does not scroll. */
function More({ list }: { list: ReturnType<typeof useFound> }) {
  const box = useRef<HTMLDivElement>(null);
  const { fetchNextPage, isFetching, data } = list;
  const lastPages = data?.pages.slice(-EMPTY_AT_MOST) ?? [];
  const isBarren = lastPages.length === EMPTY_AT_MOST && lastPages.every((page) => page.items.length === 0);
  useEffect(() => {
    if (isFetching || isBarren || !box.current || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void fetchNextPage(), {
      root: box.current.closest("[data-scroller]"),
      rootMargin: "800px",
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [fetchNextPage, isFetching, isBarren]);
  return (
    <div ref={box} className="pt-6 text-center">
      {isBarren && (
        <p className="mb-3 text-[13px] text-ink-faint">
          <Trans>Nothing that may be shown was among the last pages.</Trans>
        </p>
      )}
      <Button disabled={isFetching} onClick={() => void fetchNextPage()}>
        {isFetching ? <Trans>Looking further</Trans> : <Trans>Show more</Trans>}
      </Button>
    </div>
  );
}

function NothingFound({ filters, onClear, elsewhere }: Pick<FoundListProps, "filters" | "onClear" | "elsewhere">) {
  const isNarrowed = filters.q !== "" || countChoices(filters) > 0;
  return (
    <EmptyState
      icon={SearchX}
      title={<Trans>Nothing found</Trans>}
      actions={
        <>
          {isNarrowed && (
            <Button look="primary" onClick={onClear}>
              <Trans>Clear search and filters</Trans>
            </Button>
          )}
          {elsewhere}
        </>
      }
    >
      <Trans>Try fewer or other words, a longer period, or fewer filters. More mature models are left out.</Trans>
    </EmptyState>
  );
}

const SKELETON_CARDS = Array.from({ length: 18 }, (_, index) => `card ${index}`);

export function GridSkeleton() {
  const { t } = useLingui();
  return (
    <div className="px-4" aria-busy>
      <p role="status" className="sr-only">{t`Looking`}</p>
      <div className={cn(GRID, "overflow-hidden pt-7")}>
        {SKELETON_CARDS.map((card) => (
          <Skeleton key={card} className="aspect-[3/5.4] rounded-xl" />
        ))}
      </div>
    </div>
  );
}
