import { memo } from "react";
import type { ModelFilters } from "@/api/models";
import type { Facets } from "@/api/types";
import { Collections } from "@/features/library/collections";
import { FilterPanel } from "@/features/library/filter-panel";
import { QuickFilters } from "@/features/library/quick-filters";
import { SavedSearches } from "@/features/library/saved-searches";

interface SidebarProps {
  facets: Facets | undefined;
  /** Whether the models, and with them the filters, could not be loaded. */
  isBroken: boolean;
  filters: ModelFilters;
  /** The search part of the address as it stands now. */
  search: string;
  onChange: (part: Partial<ModelFilters>) => void;
}

/** The ways to a part of the library: kept searches, what is looked for most, collections, and every filter. */
export default memo(function Sidebar({ facets, isBroken, filters, search, onChange }: SidebarProps) {
  const onSearch = (q: string) => onChange({ q });
  return (
    <div className="space-y-5 p-3">
      <SavedSearches current={search.replace(/^\?/, "")} />
      <QuickFilters q={filters.q} onSearch={onSearch} />
      <Collections q={filters.q} onSearch={onSearch} />
      {!isBroken && <FilterPanel facets={facets} filters={filters} onChange={onChange} />}
    </div>
  );
});
