import { Trans, useLingui } from "@lingui/react/macro";
import { useActiveTasks } from "@/api/tasks";
import { Progress } from "@/components/progress";
import { useFormat } from "@/lib/format";

interface ExportProgressProps {
  id: string;
  /** How many files it will have looked at, by the plan. */
  total: number;
}

/** How far an export is. */
export function ExportProgress({ id, total }: ExportProgressProps) {
  const { t } = useLingui();
  const format = useFormat();
  const task = useActiveTasks().data?.items.find((active) => active.task_id === id);
  const count = task?.done ?? 0;
  const done = format.number(count);
  return (
    <div className="mt-5 space-y-2 text-[13px] text-ink-soft">
      <Progress label={t`Progress of the writing`} share={Math.min(1, count / total)} />
      <p role="status" className="tabular-nums">
        {task?.state === "queued" ? (
          <Trans>Waiting for other tasks</Trans>
        ) : (
          <Trans>
            {done} of {format.number(total)} files
          </Trans>
        )}
      </p>
      <p>
        <Trans>It goes on when this is closed. Tasks shows how far it is.</Trans>
      </p>
    </div>
  );
}
