import { useMutation, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import { activeTasksKey, putTask } from "@/api/tasks";
import type { ModelDetail, Task } from "@/api/types";

/** For which models a source is asked, and how thoroughly. */
export type LookUpWish = Partial<components["schemas"]["EnrichIn"]>;

const THOROUGHLY = { again: false, full: true, weights: true, civarchive: false };

/**
 * Asks for models by their hashes, in a task; the same that is under way already is what comes back then. `onAsked` is
 * told also when what asked is no longer on the screen.
 */
export function useAskSource(onAsked: (task: Task) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wish: LookUpWish) =>
      unwrap(client.POST("/api/models/enrich", { body: { q: "", ...THOROUGHLY, ...wish } })),
    onSuccess: (task) => {
      putTask(queryClient, activeTasksKey, task);
      onAsked(task);
    },
  });
}

/** Says what a model is by a link to where it is published. */
export function useMatch(id: number) {
  const show = useShowModel(id);
  return useMutation({
    meta: { showsError: true },
    mutationFn: (url: string) =>
      unwrap(client.PUT("/api/models/{model_id}/published", { params: { path: { model_id: id } }, body: { url } })),
    onSuccess: show,
  });
}

/** Says that a model is not what it was taken for. */
export function useUnmatch(id: number) {
  const show = useShowModel(id);
  return useMutation({
    mutationFn: () => unwrap(client.DELETE("/api/models/{model_id}/published", { params: { path: { model_id: id } } })),
    onSuccess: show,
  });
}

/** Takes either back: look-ups decide again. */
export function useForgetMatch(id: number) {
  const show = useShowModel(id);
  return useMutation({
    mutationFn: () =>
      unwrap(client.DELETE("/api/models/{model_id}/published/own", { params: { path: { model_id: id } } })),
    onSuccess: show,
  });
}

/** Puts what the server answered of a model into its panel; lists ask anew. */
export function useShowModel(id: number) {
  const queryClient = useQueryClient();
  return (model: ModelDetail) => {
    queryClient.setQueryData(["models", "detail", id], model);
    void queryClient.invalidateQueries({ queryKey: ["models"] });
  };
}
