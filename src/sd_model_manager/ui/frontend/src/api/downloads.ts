import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import { ACTIVE_STATES, FINAL_STATES, isFinal, putTask, type TaskList } from "@/api/tasks";
import type { Download, DownloadRequest, TaskCommand } from "@/api/types";

export const downloadsKey = ["downloads"];
export const queueKey = [...downloadsKey, "queue"];
export const historyKey = [...downloadsKey, "history"];

/** What waits, runs or rests, in the order in which it is fetched. Kept current by events. */
export function useQueue() {
  return useQuery({
    queryKey: queueKey,
    queryFn: async ({ signal }): Promise<TaskList<Download>> => {
      const query = { state: ACTIVE_STATES, limit: 500, order: "queue" as const };
      const page = await unwrap(client.GET("/api/download", { signal, params: { query } }));
      return { items: page.items, total: page.total };
    },
  });
}

/** What has come to its end, newest first; with words, only what has all of them in its name, link or file name. */
export function useHistory(words = "") {
  return useInfiniteQuery({
    queryKey: [...historyKey, words],
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { state: FINAL_STATES, q: words, limit: 50, cursor: pageParam ?? undefined };
      return unwrap(client.GET("/api/download", { signal, params: { query } }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}

export type DownloadChoice = Pick<DownloadRequest, "url"> & Partial<DownloadRequest>;

/** With what holds where nothing else is said. */
export function toBody(asked: DownloadChoice): DownloadRequest {
  return { category: "active", position: "last", ...asked };
}

export function useStartDownload() {
  const queryClient = useQueryClient();
  return useMutation({
    meta: { showsError: true },
    mutationFn: (asked: DownloadChoice) => unwrap(client.POST("/api/download", { body: toBody(asked) })),
    onSuccess: (download) => putTask(queryClient, queueKey, download),
  });
}

export function useDownloadCommand() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, command }: { id: string; command: TaskCommand }) =>
      unwrap(client.POST("/api/download/{task_id}/{command}", { params: { path: { task_id: id, command } } })),
    onSuccess: (download, { command }) => {
      putTask(queryClient, queueKey, download);
      if (command === "retry" || isFinal(download)) void queryClient.invalidateQueries({ queryKey: historyKey });
    },
  });
}

/** A command to every download that can take it. */
export type CommandToAll = "pause-all" | "resume-all" | "cancel-all" | "retry-all";

export function useCommandToAll() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (command: CommandToAll) => unwrap(client.POST(`/api/download/${command}`)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["downloads"] }),
  });
}

type Move = components["schemas"]["MoveIn"];

/** Changes the place of a waiting download in the queue. */
export function useMoveDownload() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, move }: { id: string; move: Move }) =>
      unwrap(client.POST("/api/download/{task_id}/move", { params: { path: { task_id: id } }, body: move })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queueKey }),
  });
}

/** Fetches once more what a finished download was for. */
export function useDownloadAgain() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(client.POST("/api/download/{task_id}/again", { params: { path: { task_id: id } } })),
    onSuccess: (download) => putTask(queryClient, queueKey, download),
  });
}

/** Takes all that has come to its end out of the history; the files stay. */
export function useClearHistory() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST("/api/download/clear")),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: historyKey }),
  });
}

/** What holds for downloads now: speed, and the room on the disks they go to. */
export function useDownloadLimits() {
  return useQuery({
    queryKey: ["downloads", "limits"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/download/limits", { signal })),
  });
}

/** Takes a finished download out of the history; the file stays. */
export function useForgetDownload() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(client.DELETE("/api/download/{task_id}", { params: { path: { task_id: id } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: historyKey }),
  });
}
