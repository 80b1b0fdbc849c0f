import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { Collection } from "@/api/types";

/** The collections by name. */
export function useCollections() {
  return useQuery({
    queryKey: ["collections", "list"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/collections", { signal })),
  });
}

/** The collections that a model lies in; null while it is not known of all of them. */
export function useCollectionsOf(modelId: number): Collection[] | null {
  const collections = useCollections().data;
  return useQueries({
    queries: (collections ?? []).map(({ id }) => ({
      queryKey: ["collections", "detail", id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        unwrap(client.GET("/api/collections/{collection_id}", { signal, params: inCollection(id) })),
    })),
    combine: (details) => {
      if (collections === undefined || details.some((detail) => detail.data === undefined)) return null;
      return collections.filter((_, index) => details[index]?.data?.model_ids.includes(modelId));
    },
  });
}

const showsError = { showsError: true };

export function useMakeCollection() {
  const onSuccess = useRefresh();
  return useMutation({
    meta: showsError,
    onSuccess,
    mutationFn: ({ name }: { name: string }) => unwrap(client.POST("/api/collections", { body: { name, notes: "" } })),
  });
}

export function useRenameCollection() {
  const onSuccess = useRefresh();
  return useMutation({
    meta: showsError,
    onSuccess,
    mutationFn: ({ id, name }: { id: number; name: string }) =>
      unwrap(client.PATCH("/api/collections/{collection_id}", { params: inCollection(id), body: { name } })),
  });
}

/** Forgets a collection; answers with what it was, its models in their order, so that it can be brought back. */
export function useDeleteCollection() {
  const onSettled = useRefresh();
  return useMutation({
    onSettled,
    mutationFn: async ({ id }: Collection) => {
      const whole = await unwrap(client.GET("/api/collections/{collection_id}", { params: inCollection(id) }));
      await unwrap(client.DELETE("/api/collections/{collection_id}", { params: inCollection(id) }));
      return whole;
    },
  });
}

const MOST_AT_ONCE = 10_000;

/** Makes a collection again that was forgotten. */
export function useBringBackCollection() {
  const onSettled = useRefresh();
  return useMutation({
    onSettled,
    mutationFn: async ({ name, notes, model_ids }: Pick<Collection, "name" | "notes"> & { model_ids: number[] }) => {
      const { id } = await unwrap(client.POST("/api/collections", { body: { name, notes } }));
      for (let start = 0; start < model_ids.length; start += MOST_AT_ONCE) {
        const body = { model_ids: model_ids.slice(start, start + MOST_AT_ONCE) };
        await unwrap(client.POST("/api/collections/{collection_id}/models", { params: inCollection(id), body }));
      }
    },
  });
}

function inCollection(collection_id: number) {
  return { path: { collection_id } };
}

/** What a search for `collection:` finds changes with the collections. */
function useRefresh() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ["collections"] }),
      queryClient.invalidateQueries({ queryKey: ["models", "list"] }),
    ]);
}
