import { type QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { Download, Task, TaskCommand, TaskState } from "@/api/types";

export const ACTIVE_STATES: TaskState[] = ["queued", "running", "paused"];
export const FINAL_STATES: TaskState[] = ["done", "failed", "cancelled"];

export function isFinal(task: Pick<Task, "state">): boolean {
  return FINAL_STATES.includes(task.state);
}

/** Any list of tasks as the cache keeps it. */
export interface TaskList<T extends Task = Task> {
  items: T[];
  total: number;
}

export const activeTasksKey = ["tasks", "active"];

/** Everything that goes on right now besides downloads: scans, hashing, moves. Kept current by events. */
export function useActiveTasks() {
  return useQuery({
    queryKey: activeTasksKey,
    queryFn: async ({ signal }): Promise<TaskList> => {
      const query = { state: ACTIVE_STATES };
      const page = await unwrap(client.GET("/api/tasks", { signal, params: { query } }));
      const items = page.items.filter((task) => task.kind !== "download");
      return { items, total: items.length };
    },
  });
}

export const endedTasksKey = ["tasks", "ended"];

/** Everything that has come to its end, newest first; downloads too. */
export function useEndedTasks() {
  return useInfiniteQuery({
    queryKey: endedTasksKey,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = { state: FINAL_STATES, limit: 50, cursor: pageParam ?? undefined };
      return unwrap(client.GET("/api/tasks", { signal, params: { query } }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Pauses, resumes, cancels or retries a task of any kind; the events tell the rest of the page. */
export function useTaskCommand() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, command }: { id: string; command: TaskCommand }) =>
      unwrap(client.POST("/api/tasks/{task_id}/{command}", { params: { path: { task_id: id, command } } })),
    onSuccess: (task) => {
      const isOfDownloads = isDownload(task);
      if (!isOfDownloads) putTask(queryClient, activeTasksKey, task);
      void queryClient.invalidateQueries({ queryKey: isOfDownloads ? ["downloads"] : endedTasksKey });
      if (isOfDownloads) void queryClient.invalidateQueries({ queryKey: endedTasksKey });
    },
  });
}

/** Starts a scan of one folder, or of all; a scan that is running already is what comes back then. */
export function useScan() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (asked: { folder?: string; full?: boolean }) =>
      unwrap(client.POST("/api/models/scan", { body: { folder: asked.folder ?? null, full: asked.full ?? false } })),
    onSuccess: (task) => putTask(queryClient, activeTasksKey, task),
  });
}

/** Tasks that an event has told the end of. An answer may be older than that, and arrive after it. */
const ended = new WeakMap<QueryClient, Set<string>>();

/** Puts what an event says of a task into a list of active ones; gives what the list said of it before. */
export function followTask<T extends Task>(queryClient: QueryClient, key: readonly unknown[], task: T): T | undefined {
  const ids = ended.get(queryClient) ?? new Set();
  ended.set(queryClient, ids);
  ids.delete(task.task_id);
  const known = putTask(queryClient, key, task);
  if (isFinal(task)) ids.add(task.task_id);
  return known;
}

/** Puts a task as it was answered into a list of active ones, and takes it out when it has come to its end. */
export function putTask<T extends Task>(queryClient: QueryClient, key: readonly unknown[], task: T): T | undefined {
  if (ended.get(queryClient)?.has(task.task_id)) return undefined;
  const before = queryClient.getQueryData<TaskList<T>>(key);
  const known = before?.items.find((item) => item.task_id === task.task_id);
  queryClient.setQueryData<TaskList<T>>(key, (list) => list && withTask(list, task));
  return known;
}

function withTask<T extends Task>(list: TaskList<T>, task: T): TaskList<T> {
  const index = list.items.findIndex((item) => item.task_id === task.task_id);
  if (isFinal(task)) {
    const items = list.items.filter((item) => item.task_id !== task.task_id);
    return index === -1 ? list : { ...list, items, total: list.total - 1 };
  }
  if (index === -1) return { ...list, items: [...list.items, task], total: list.total + 1 };
  return { ...list, items: list.items.with(index, task) };
}

export function isDownload(task: Task): task is Download {
  return task.kind === "download";
}
