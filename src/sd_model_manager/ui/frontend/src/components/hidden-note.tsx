import { Trans } from "@lingui/react/macro";
import { EyeOff } from "lucide-react";
import type { Task } from "@/api/types";

/** Why a download has no name: its model is not to be seen. */
export function HiddenNote({ task }: { task: Task & { is_hidden?: boolean } }) {
  if (!task.is_hidden) return null;
  return (
    <p className="mt-0.5 flex items-center gap-1.5 text-xs text-ink-faint">
      <EyeOff className="size-3.5 shrink-0" aria-hidden />
      <Trans>Hidden as mature content</Trans>
    </p>
  );
}
