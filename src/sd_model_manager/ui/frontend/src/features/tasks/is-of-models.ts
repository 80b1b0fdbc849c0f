import type { Task } from "@/api/types";

/** Whether what it counts is models; the files of other tasks are files. */
export function isOfModels({ kind }: Task): boolean {
  return kind === "enrich" || kind === "check_updates";
}
