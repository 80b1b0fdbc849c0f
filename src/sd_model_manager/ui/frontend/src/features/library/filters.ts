import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { type ModelFilters, SORTS, type Sort } from "@/api/models";
import type { Category, ModelType, SavedSearch, SearchedFor, Wanted } from "@/api/types";

const DEFAULT_SORT: Sort = "-added_at";

export function readFilters(params: URLSearchParams): ModelFilters {
  return {
    q: params.get("q") ?? "",
    types: params.getAll("type") as ModelType[],
    baseModels: params.getAll("base_model"),
    tags: params.getAll("tag"),
    category: params.get("category") as Category | null,
    folder: params.get("folder"),
  };
}

export function writeFilters(filters: ModelFilters, sort: Sort): URLSearchParams {
  const params = new URLSearchParams();
  if (filters.q) params.set("q", filters.q);
  for (const type of filters.types) params.append("type", type);
  for (const baseModel of filters.baseModels) params.append("base_model", baseModel);
  for (const tag of filters.tags) params.append("tag", tag);
  if (filters.category) params.set("category", filters.category);
  if (filters.folder !== null) params.set("folder", filters.folder);
  if (sort !== DEFAULT_SORT) params.set("sort", sort);
  return params;
}

/** The filters as a request has them in its body. */
export function toWanted({ q, types, baseModels, tags, category, folder }: ModelFilters): Wanted {
  return { q, types, base_models: baseModels, tags, category, folder };
}

export function toSearchedFor({ filters, sort }: { filters: ModelFilters; sort: Sort }): SearchedFor {
  const { types, base_models, tags, q, category, folder } = toWanted(filters);
  return { q, types, base_models, tags, category, folder, sort };
}

/** What a saved search is for; an order that this page does not know is the usual one. */
export function fromWanted({ q, types, base_models, tags, category, folder, sort }: SavedSearch["wanted"]) {
  const filters: ModelFilters = {
    q,
    types: types as ModelType[],
    baseModels: base_models,
    tags,
    category: category as Category | null,
    folder,
  };
  return { filters, sort: SORTS.find((known) => known === sort) ?? DEFAULT_SORT };
}

export function isNarrowed(filters: ModelFilters): boolean {
  return filters.q !== "" || countChoices(filters) > 0;
}

/** How many choices narrow the list, the search words aside. */
export function countChoices(filters: ModelFilters): number {
  const lists = filters.types.length + filters.baseModels.length + filters.tags.length;
  return lists + (filters.category ? 1 : 0) + (filters.folder === null ? 0 : 1);
}

export const NO_FILTERS: ModelFilters = { q: "", types: [], baseModels: [], tags: [], category: null, folder: null };

/** The filters and the sort as the address says, and how to change them there. An open model stays open. */
export function useLibraryView() {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => readFilters(params), [params]);
  const asked = params.get("sort");
  const sort = SORTS.find((known) => known === asked) ?? DEFAULT_SORT;

  const change = useCallback(
    (part: Partial<ModelFilters>, newSort?: Sort) =>
      setParams((now) => writeFilters({ ...readFilters(now), ...part }, newSort ?? sort), { replace: true }),
    [setParams, sort],
  );
  return { filters, sort, change };
}

export function toggled<T>(values: T[], value: T): T[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
