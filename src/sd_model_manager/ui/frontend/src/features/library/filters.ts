import { useCallback, useLayoutEffect, useMemo, useRef } from "react";
import { useSearchParams } from "react-router";
import { readFilters, readSort, writeFilters } from "@/api/filter-forms";
import type { ModelFilters, Sort } from "@/api/models";

export function isNarrowed(filters: ModelFilters): boolean {
  return filters.q !== "" || countChoices(filters) > 0;
}

/** How many choices narrow the list, the search words aside. */
export function countChoices(filters: ModelFilters): number {
  const lists = filters.types.length + filters.baseModels.length + filters.tags.length;
  return lists + (filters.category ? 1 : 0) + (filters.folder === null ? 0 : 1);
}

/** The filters and the sort as the address says, and how to change them there. An open model stays open. */
export function useLibraryView() {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => readFilters(params), [params]);
  const sort = readSort(params);

  // The router's own is another one after each change, so that whatever is given it is drawn anew.
  const latest = useRef(setParams);
  useLayoutEffect(() => {
    latest.current = setParams;
  });
  const change = useCallback((part: Partial<ModelFilters>, newSort?: Sort) => {
    const changed = (now: URLSearchParams) => writeFilters({ ...readFilters(now), ...part }, newSort ?? readSort(now));
    latest.current(changed, { replace: true });
  }, []);
  return { filters, sort, change };
}

export function toggled<T>(values: T[], value: T): T[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
