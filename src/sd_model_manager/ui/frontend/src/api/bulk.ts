import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { BulkChange, BulkResult, Model, ModelPage, Wanted } from "@/api/types";

/** Which models a change is for: those of these numbers, or all that a list with this filter shows. */
export type BulkTarget = { model_ids: number[] } | { wanted: Wanted };

/** Says the same of many models. What a list shows of them changes at once, and again when the server has answered. */
export function useBulkChange() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ target, change }: { target: BulkTarget; change: BulkChange }) =>
      unwrap(client.POST("/api/models/bulk", { body: { ...target, change } })),
    onMutate: ({ target, change }) => {
      const before = queryClient.getQueriesData<ModelPage>({ queryKey: ["models", "list"] });
      if ("model_ids" in target) showInLists(queryClient, new Set(target.model_ids), change);
      return before;
    },
    // A server that does not answer cannot say how it is: what is shown then is what it said last.
    onError: (_error, _asked, before = []) => {
      for (const [key, page] of before) queryClient.setQueryData(key, page);
    },
    onSettled: () => refresh(queryClient),
  });
}

/** Puts back what a change replaced. */
export function useBulkRestore() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (restore: NonNullable<BulkResult["previous"]>) =>
      unwrap(client.POST("/api/models/bulk/restore", { body: { restore } })),
    onSettled: () => refresh(queryClient),
  });
}

function refresh(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({ queryKey: ["models"] });
  void queryClient.invalidateQueries({ queryKey: ["collections"] });
}

function showInLists(queryClient: QueryClient, ids: Set<number>, change: BulkChange): void {
  queryClient.setQueriesData<ModelPage>(
    { queryKey: ["models", "list"] },
    (page) => page && { ...page, items: page.items.map(changed) },
  );
  function changed(model: Model): Model {
    if (!ids.has(model.id)) return model;
    const { favorite = model.favorite, rating = model.rating } = change;
    return { ...model, favorite, rating };
  }
}
