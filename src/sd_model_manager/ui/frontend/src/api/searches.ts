import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { SavedSearch, SearchedFor } from "@/api/types";

export const searchesKey = ["searches"];

/** The saved searches, in the user's order. */
export function useSearches() {
  return useQuery({
    queryKey: searchesKey,
    queryFn: ({ signal }) => unwrap(client.GET("/api/searches", { signal })),
  });
}

const showsError = { showsError: true };

/** Keeps a search under a name, at a place among the others where one is given. */
export function useSaveSearch() {
  const onSuccess = useRefresh();
  return useMutation({
    meta: showsError,
    onSuccess,
    mutationFn: async ({ name, wanted, position }: { name: string; wanted: SearchedFor; position?: number }) => {
      const saved = await unwrap(client.POST("/api/searches", { body: { name, wanted } }));
      if (position === undefined) return saved;
      const path = { search_id: saved.id };
      return unwrap(client.PATCH("/api/searches/{search_id}", { params: { path }, body: { position } }));
    },
  });
}

export function useRenameSearch() {
  const onSuccess = useRefresh();
  return useMutation({
    meta: showsError,
    onSuccess,
    mutationFn: ({ id, name }: { id: number; name: string }) =>
      unwrap(client.PATCH("/api/searches/{search_id}", { params: { path: { search_id: id } }, body: { name } })),
  });
}

export function useDeleteSearch() {
  const onSettled = useRefresh();
  return useMutation({
    onSettled,
    mutationFn: ({ id }: SavedSearch) =>
      unwrap(client.DELETE("/api/searches/{search_id}", { params: { path: { search_id: id } } })),
  });
}

function useRefresh() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: searchesKey });
}
