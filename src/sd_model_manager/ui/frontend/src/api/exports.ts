import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BulkTarget } from "@/api/bulk";
import { client, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import { activeTasksKey, endedTasksKey, putTask } from "@/api/tasks";
import type { Task } from "@/api/types";

export type ExportReport = components["schemas"]["ExportOut"];
export type ExportedFile = components["schemas"]["ExportResultOut"];

interface ExportWish {
  target: BulkTarget;
  formats: string[];
}

/** What would be written beside models, file by file. */
export function usePlanExport() {
  return useMutation({
    meta: { showsError: true },
    mutationFn: ({ target, formats }: ExportWish) =>
      unwrap(client.POST("/api/models/export", { body: { q: "", ...target, formats, dry_run: true } })),
  });
}

/** Writes other tools' files, in a task. `onStarted` is told also when what asked is no longer on the screen. */
export function useStartExport(onStarted: (task: Task) => void) {
  const onSuccess = useOnTask(onStarted);
  return useMutation({
    meta: { showsError: true },
    mutationFn: ({ target, formats }: ExportWish) =>
      unwrap(client.POST("/api/models/export", { body: { q: "", ...target, formats, dry_run: false } })),
    onSuccess,
  });
}

/** Puts back what an export changed, in a task. */
export function useUndoExport(onStarted: (task: Task) => void) {
  const onSuccess = useOnTask(onStarted);
  return useMutation({
    mutationFn: (task_id: string) =>
      unwrap(client.POST("/api/models/export/{task_id}/undo", { params: { path: { task_id } } })),
    onSuccess,
  });
}

/** What an export did. It is asked for again when a task has ended, and after the connection was lost. */
export function useExport(task_id: string | undefined) {
  return useQuery({
    queryKey: [...endedTasksKey, "export", task_id],
    enabled: task_id !== undefined,
    queryFn: ({ signal }) =>
      unwrap(client.GET("/api/models/export/{task_id}", { signal, params: { path: { task_id: task_id ?? "" } } })),
  });
}

function useOnTask(onStarted: (task: Task) => void) {
  const queryClient = useQueryClient();
  return ({ task }: ExportReport) => {
    if (!task) return;
    putTask(queryClient, activeTasksKey, task);
    onStarted(task);
  };
}
