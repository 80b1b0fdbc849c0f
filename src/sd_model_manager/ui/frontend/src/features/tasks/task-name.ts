import { useLingui } from "@lingui/react/macro";
import type { Task } from "@/api/types";

/** What a task is called: its kind, and what it is about where it says so. */
export function useTaskName(): (task: Task) => string {
  const { t } = useLingui();
  const kinds: Partial<Record<string, string>> = {
    download: t`Download`,
    scan: t`Scan of the library folders`,
    hash: t`Computing of hashes`,
    move: t`Move`,
  };
  return (task) => {
    const kind = kinds[task.kind] ?? task.kind;
    if (task.name === "") return kind;
    return task.kind === "download" ? task.name : `${kind}: ${task.name}`;
  };
}
