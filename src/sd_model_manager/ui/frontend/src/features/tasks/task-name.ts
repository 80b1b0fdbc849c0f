import { useLingui } from "@lingui/react/macro";
import type { Task } from "@/api/types";

/** What a task is called: its kind, and what it is about where it says so. */
export function useTaskName(): (task: Task) => string {
  const { t } = useLingui();
  const kinds: Record<Task["kind"], string> = {
    download: t`Download`,
    scan: t`Scan of the library folders`,
    hash: t`Computing of hashes`,
    move: t`Move`,
    export: t`Writing files of other tools`,
    enrich: t`Look-up of models at their source`,
    check_updates: t`Search for updates`,
  };
  return (task) => {
    const isUndo = task.kind === "export" && task.outcomes?.restored !== undefined;
    const kind = isUndo ? t`Putting files of other tools back` : kinds[task.kind];
    if (task.name === "") return kind;
    return task.kind === "download" ? task.name : `${kind}: ${task.name}`;
  };
}
