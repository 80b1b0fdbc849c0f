import { keepPreviousData, type QueryClient, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { Category, Model, ModelPage, ModelType } from "@/api/types";

/** Which models a list shows; empty fields do not narrow. `unknown` among base models means those without one. */
export interface ModelFilters {
  q: string;
  types: ModelType[];
  baseModels: string[];
  tags: string[];
  category: Category | null;
  folder: string | null;
}

export const NO_FILTERS: ModelFilters = { q: "", types: [], baseModels: [], tags: [], category: null, folder: null };

export const SORTS = [
  "-added_at",
  "added_at",
  "name",
  "-name",
  "-size_bytes",
  "size_bytes",
  "-modified_at",
  "modified_at",
  "-rating",
  "rating",
  "type",
  "-type",
  "base_model",
  "-base_model",
] as const;
export type Sort = (typeof SORTS)[number];

export function toQuery(filters: ModelFilters) {
  return {
    q: filters.q || undefined,
    type: filters.types,
    base_model: filters.baseModels,
    tag: filters.tags,
    category: filters.category ?? undefined,
    folder: filters.folder ?? undefined,
  };
}

export function useFacets(filters: ModelFilters, { isWaiting = false } = {}) {
  return useQuery({
    enabled: !isWaiting,
    queryKey: ["models", "facets", filters],
    queryFn: ({ signal }) => unwrap(client.GET("/api/models/facets", { signal, params: { query: toQuery(filters) } })),
    placeholderData: keepPreviousData,
  });
}

export function useModel(id: number) {
  return useQuery({
    queryKey: ["models", "detail", id],
    queryFn: ({ signal }) =>
      unwrap(client.GET("/api/models/{model_id}", { signal, params: { path: { model_id: id } } })),
  });
}

const FOUND_AT_MOST = 8;

/** The first few models that a search finds; none for an empty one, nor for one that cannot be read. */
export function useFoundModels(q: string) {
  return useQuery({
    queryKey: ["models", "found", q],
    enabled: q !== "",
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { q, sort: "name", limit: FOUND_AT_MOST } as const;
      return (await unwrap(client.GET("/api/models", { signal, params: { query } }))).items;
    },
  });
}

/** What a list that was fetched before says of a model: enough to show its name and picture at once. */
export function findListedModel(queryClient: QueryClient, id: number): Model | undefined {
  const pages = queryClient.getQueriesData<ModelPage>({ queryKey: ["models", "list"] });
  for (const [, page] of pages) {
    const found = page?.items.find((model) => model.id === id);
    if (found) return found;
  }
  return undefined;
}
