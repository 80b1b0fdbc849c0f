import { Trans, useLingui } from "@lingui/react/macro";
import { FolderPlus, SearchX } from "lucide-react";
import { Suspense, useDeferredValue, useState } from "react";
import { Link, Outlet, useLocation, useMatch } from "react-router";
import { writeFilters } from "@/api/filter-forms";
import { NO_FILTERS } from "@/api/models";
import { Button, buttonClass } from "@/components/button";
import { Skeleton } from "@/components/skeleton";
import { EmptyState, ErrorState } from "@/components/states";
import { CardGrid } from "@/features/library/card-grid";
import { CollectionMaker } from "@/features/library/collection-maker";
import { view } from "@/features/library/density";
import { FilterSkeleton } from "@/features/library/filter-skeleton";
import { isNarrowed, useLibraryView } from "@/features/library/filters";
import { useSearchedModels } from "@/features/library/searched-models";
import { Toolbar } from "@/features/library/toolbar";
import { useSelection } from "@/features/library/use-selection";
import { useHeld } from "@/lib/held";
import { lazyPart } from "@/lib/lazy-part";
import { withMessages } from "@/lib/locale";
import { useMediaQuery } from "@/lib/media-query";

const Sidebar = lazyPart(() => import("@/features/library/sidebar"));
const ModelTable = lazyPart(() => import("@/features/library/model-table"));
const BulkBar = lazyPart(withMessages(() => import("@/features/library/bulk-bar")));
const FilterSheet = lazyPart(() => import("@/features/library/filter-sheet"));

// What an empty library shows is fetched by those alone who have one.
const EmptyLibrary = lazyPart(withMessages(() => import("@/features/setup/empty-library")));

/** The library: filters, the grid, and beside it the model that is open. */
export default function LibraryPage() {
  const { t } = useLingui();
  const { filters, sort, change } = useLibraryView();
  const { search } = useLocation();
  // The sidebar has much to draw: it follows once the grid has what it needs.
  const [calmFilters, calmSearch] = [useDeferredValue(filters), useDeferredValue(search)];
  const openId = useMatch("/models/:modelId")?.params.modelId;
  const { list, facets, problem } = useSearchedModels(filters, sort);
  const [isFilterSheetOpen, setIsFilterSheetOpen] = useState(false);
  const hasSidebar = useMediaQuery("(min-width: 64rem)");

  const { head, models, total } = list;
  const selection = useSelection(models, total ?? 0, filters, list.fetchBetween);
  const shown = view.use();
  // Until others are there, the models in sight belong to the search before.
  const listedSearch = useHeld(search, head.isPlaceholderData);
  const listed = (all: number) => ({
    models,
    total: all,
    search: listedSearch,
    openId: openId === undefined ? null : Number(openId),
    onShow: list.show,
  });
  const sidebar = (
    <Suspense
      fallback={
        <div className="p-3">
          <FilterSkeleton />
        </div>
      }
    >
      <Sidebar
        facets={facets.data}
        isBroken={head.isError && !facets.data}
        filters={calmFilters}
        search={calmSearch}
        onChange={change}
      />
    </Suspense>
  );
  if (total === 0 && !isNarrowed(filters) && openId === undefined) {
    return (
      <>
        <title>SD Model Manager</title>
        <Suspense>
          <EmptyLibrary isCertain={!head.isFetching} />
        </Suspense>
      </>
    );
  }
  return (
    <CollectionMaker>
      <div className="relative flex h-full has-[>[data-page]]:[&>:not([data-page])]:invisible">
        {openId === undefined && <title>{t`Library · SD Model Manager`}</title>}
        <h1 className="sr-only">
          <Trans>Library</Trans>
        </h1>
        {hasSidebar && (
          <aside aria-label={t`Filters`} className="w-60 shrink-0 overflow-y-auto border-r 2xl:w-68">
            {sidebar}
          </aside>
        )}
        <section className="flex min-w-0 flex-1 flex-col" aria-label={t`Models`}>
          <Toolbar
            filters={filters}
            sort={sort}
            total={total}
            problem={problem}
            onChange={change}
            onOpenFilters={() => setIsFilterSheetOpen(true)}
          />
          {head.isError && !head.data && <ErrorState error={head.error} onRetry={() => void head.refetch()} />}
          {head.isPending && <GridSkeleton />}
          {head.data && total === 0 && (
            <NothingFound
              didYouMean={(problem === null && head.data.did_you_mean) || null}
              addressWith={(q) => `?${writeFilters({ ...filters, q }, sort)}`}
              onClear={() => change(NO_FILTERS)}
            />
          )}
          {total !== undefined && total > 0 && (
            <Suspense fallback={<GridSkeleton />}>
              {shown === "list" ? (
                <ModelTable
                  selection={selection}
                  sort={sort}
                  onSort={(chosen) => change({}, chosen)}
                  {...listed(total)}
                />
              ) : (
                <CardGrid density={shown} selection={selection} {...listed(total)} />
              )}
            </Suspense>
          )}
          {list.isPartMissing && <RestMissing onRetry={list.retry} />}
          {selection.count > 0 && (
            <Suspense>
              <BulkBar selection={selection} models={models} filters={filters} total={total ?? 0} />
            </Suspense>
          )}
        </section>
        <Outlet context={{ ...list, total: total ?? 0, search: listedSearch }} />
        {isFilterSheetOpen && !hasSidebar && (
          <Suspense>
            <FilterSheet total={total ?? 0} onClose={() => setIsFilterSheetOpen(false)}>
              {sidebar}
            </FilterSheet>
          </Suspense>
        )}
      </div>
    </CollectionMaker>
  );
}

function RestMissing({ onRetry }: { onRetry: () => void }) {
  return (
    <div
      role="alert"
      className="flex items-center justify-between gap-3 border-t bg-danger-soft px-4 py-2 text-sm text-danger"
    >
      <Trans>The further models could not be loaded.</Trans>
      <Button size="small" onClick={onRetry}>
        <Trans>Try again</Trans>
      </Button>
    </div>
  );
}

interface NothingFoundProps {
  /** The search in the library's spelling, where that finds something. */
  didYouMean: string | null;
  addressWith: (q: string) => string;
  onClear: () => void;
}

function NothingFound({ didYouMean, addressWith, onClear }: NothingFoundProps) {
  return (
    <EmptyState
      icon={SearchX}
      title={<Trans>No model matches</Trans>}
      actions={
        <>
          <Button look="primary" onClick={onClear}>
            <Trans>Clear search and filters</Trans>
          </Button>
          <Link to="/settings" className={buttonClass()}>
            <FolderPlus aria-hidden />
            <Trans>Add a folder</Trans>
          </Link>
        </>
      }
    >
      {didYouMean !== null && (
        <p className="mb-1.5 text-base">
          <Trans>
            Did you mean{" "}
            <Link
              to={addressWith(didYouMean)}
              className="rounded font-medium text-accent-ink underline underline-offset-2"
            >
              {didYouMean}
            </Link>
            ?
          </Trans>
        </p>
      )}
      <Trans>Try fewer words or another filter. Newly added files appear after a scan.</Trans>
    </EmptyState>
  );
}

const SKELETON_CARDS = Array.from({ length: 24 }, (_, index) => `card ${index}`);

function GridSkeleton() {
  return (
    <div
      aria-busy
      className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-3 overflow-hidden px-4 sm:grid-cols-[repeat(auto-fill,minmax(11rem,1fr))]"
    >
      {SKELETON_CARDS.map((card) => (
        <Skeleton key={card} className="aspect-[3/4.9] rounded-xl" />
      ))}
    </div>
  );
}
