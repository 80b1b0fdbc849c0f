import { type ModelFilters, SORTS, type Sort } from "@/api/models";
import type { Category, ModelType, SavedSearch, SearchedFor, Wanted } from "@/api/types";

/** The order that an address does not name. */
export const DEFAULT_SORT: Sort = "-added_at";

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

export function readSort(params: URLSearchParams): Sort {
  const asked = params.get("sort");
  return SORTS.find((known) => known === asked) ?? DEFAULT_SORT;
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

/** The search part of the address that shows what a saved search finds. */
export function addressOf({ wanted }: SavedSearch): string {
  const { filters, sort } = fromWanted(wanted);
  return writeFilters(filters, sort).toString();
}
