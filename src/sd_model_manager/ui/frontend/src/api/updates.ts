import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import { activeTasksKey, putTask, useActiveTasks } from "@/api/tasks";
import { refreshUpdates } from "@/api/update-count";

export type Update = components["schemas"]["UpdateOut"];
/** A version of a published model, here or not. */
export type KnownVersion = components["schemas"]["VersionOut"];
/** A version of the model that one in the library is of. */
export type SiblingVersion = components["schemas"]["SiblingVersionOut"];
export type Ignored = components["schemas"]["IgnoredOut"];
/** One of a version and a model, by their ids at the source, and a creator by name. */
export type IgnoreWish = components["schemas"]["IgnoreIn"];

const PAGE = 50;

/** What is newer than what is here, the newest first. */
export function useUpdates() {
  return useInfiniteQuery({
    queryKey: ["updates", "list"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, cursor: pageParam ?? undefined };
      return unwrap(client.GET("/api/updates", { signal, params: { query } }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** All known versions of the published model that one of the library is of, the newest first. */
export function useVersions(modelId: number) {
  return useQuery({
    queryKey: ["models", "versions", modelId],
    queryFn: ({ signal }) =>
      unwrap(client.GET("/api/models/{model_id}/versions", { signal, params: { path: { model_id: modelId } } })),
  });
}

export function useIgnored() {
  return useQuery({
    queryKey: ["updates", "ignored"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/updates/ignore", { signal })),
  });
}

/** Wants to hear of no updates of something, or of them again. */
export function useIgnore() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ wish, isHeeded = false }: { wish: IgnoreWish; isHeeded?: boolean }) =>
      unwrap(
        isHeeded
          ? client.DELETE("/api/updates/ignore", { params: { query: wish } })
          : client.POST("/api/updates/ignore", { body: wish }),
      ),
    onSuccess: (ignored) => {
      queryClient.setQueryData(["updates", "ignored"], ignored);
      refreshUpdates(queryClient);
    },
  });
}

/** Asks the source for newer versions; a check that goes on already is what comes back then. */
export function useCheckUpdates() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST("/api/updates/check")),
    onSuccess: (task) => putTask(queryClient, activeTasksKey, task),
  });
}

/** The check that waits or goes on. */
export function useRunningCheck() {
  return useActiveTasks().data?.items.find((task) => task.kind === "check_updates");
}

/** The last check that has come to its end, `null` where there was none. */
export function useLastCheck() {
  return useQuery({
    queryKey: ["tasks", "ended", "check_updates"],
    queryFn: async ({ signal }) => {
      const query = { kind: ["check_updates" as const], state: ["done" as const, "failed" as const], limit: 1 };
      return (await unwrap(client.GET("/api/tasks", { signal, params: { query } }))).items[0] ?? null;
    },
  });
}
