import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { Sort } from "@/api/models";

/** Finds the models that no site was asked about. */
export const NOT_ASKED = "is:unmatched -is:not_found";

/** How many models a query finds. */
export function useModelCount(q: string) {
  return useQuery({
    queryKey: ["models", "count", q],
    queryFn: async ({ signal }) => {
      const page = await unwrap(client.GET("/api/models", { signal, params: { query: { q, limit: 1 } } }));
      return page.total;
    },
    placeholderData: keepPreviousData,
  });
}

/** What a query finds, a few at a time: for pages that ask for the detail of each. */
export function useFewModels(q: string, sort: Sort) {
  return useInfiniteQuery({
    queryKey: ["models", "few", q, sort],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { q, sort, limit: 20, cursor: pageParam ?? undefined };
      return unwrap(client.GET("/api/models", { signal, params: { query } }));
    },
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}
