import { Trans, useLingui } from "@lingui/react/macro";
import { Search } from "lucide-react";
import { Suspense, useState } from "react";
import { useBrowsable } from "@/api/discover";
import type { Browsable } from "@/api/types";
import { Button } from "@/components/button";
import { ErrorState } from "@/components/states";
import { FilterPanel } from "@/features/discover/filter-panel";
import { FoundList, GridSkeleton } from "@/features/discover/found-list";
import type { DownloadActions } from "@/features/discover/remote-model";
import { useDiscoverSearch } from "@/features/discover/search";
import { Toolbar } from "@/features/discover/toolbar";
import { lazyPart } from "@/lib/lazy-part";
import { useMediaQuery } from "@/lib/media-query";

const OpenModel = lazyPart(() => import("@/features/discover/open-model"));
const FilterSheet = lazyPart(() => import("@/features/discover/filter-sheet"));

/** The sources to look around in: filters, what was found, and beside it the model that is open. */
export function Discover(actions: DownloadActions) {
  const sources = useBrowsable();
  if (sources.isError) return <ErrorState error={sources.error} onRetry={() => void sources.refetch()} />;
  if (!sources.data) return <GridSkeleton />;
  return <Sources sources={sources.data} {...actions} />;
}

function Sources({ sources, ...actions }: DownloadActions & { sources: Browsable[] }) {
  const { t } = useLingui();
  const search = useDiscoverSearch();
  const { filters, openId, change } = search;
  const [isFilterSheetOpen, setIsFilterSheetOpen] = useState(false);
  const isWide = useMediaQuery("(min-width: 64rem)");
  const source = sources.find((each) => each.source === search.source) ?? sources[0];
  if (!source) return null;

  const filterPanel = <FilterPanel source={source} filters={filters} onChange={change} />;
  return (
    <div className="flex h-full">
      <h1 className="sr-only">
        <Trans>Discover</Trans>
      </h1>
      {isWide && (
        <aside aria-label={t`Filters`} className="w-60 shrink-0 overflow-y-auto border-r 2xl:w-68">
          {filterPanel}
        </aside>
      )}
      <section className="flex min-w-0 flex-1 flex-col" aria-label={t`Found at ${source.title}`}>
        <Toolbar
          sources={sources}
          source={source}
          filters={filters}
          onSource={search.chooseSource}
          onChange={change}
          onOpenFilters={() => setIsFilterSheetOpen(true)}
          onLink={actions.onInspect}
        />
        <div data-scroller className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
          <FoundList
            source={source}
            filters={filters}
            openId={openId}
            onDownload={actions.onDownload}
            onClear={search.clear}
            elsewhere={<Elsewhere sources={sources} source={source} onSource={search.chooseSource} />}
          />
        </div>
      </section>
      {openId !== null && (
        <Suspense>
          <OpenModel
            key={`${source.source} ${openId}`}
            source={source}
            modelId={openId}
            maxLevel={filters.maxLevel}
            onChange={change}
            onClose={search.close}
            {...actions}
          />
        </Suspense>
      )}
      {isFilterSheetOpen && !isWide && (
        <Suspense>
          <FilterSheet onClose={() => setIsFilterSheetOpen(false)}>{filterPanel}</FilterSheet>
        </Suspense>
      )}
    </div>
  );
}

interface ElsewhereProps {
  sources: Browsable[];
  source: Browsable;
  onSource: (name: string) => void;
}

/** The other sources, to look for the same words there. */
function Elsewhere({ sources, source, onSource }: ElsewhereProps) {
  return sources
    .filter((each) => each !== source)
    .map((each) => (
      <Button key={each.source} onClick={() => onSource(each.source)}>
        <Search aria-hidden />
        <Trans>Look on {each.title}</Trans>
      </Button>
    ));
}
