import { Trans, useLingui } from "@lingui/react/macro";
import { Pause, Play, X } from "lucide-react";
import { isDownload, useTaskCommand } from "@/api/tasks";
import type { Task, TaskCommand } from "@/api/types";
import { IconButton } from "@/components/button";
import { Confirm } from "@/components/confirm";
import { Progress } from "@/components/progress";
import { WhyWaiting } from "@/components/why-waiting";
import { isOfModels } from "@/features/tasks/is-of-models";
import { TaskIcon } from "@/features/tasks/task-icon";
import { useTaskName } from "@/features/tasks/task-name";
import { useFormat } from "@/lib/format";

export function ActiveTask({ task }: { task: Task }) {
  const { t } = useLingui();
  const name = useTaskName()(task);
  const share = task.total ? Math.min(1, task.done / task.total) : task.state === "running" ? null : 0;
  return (
    <li className="px-4 py-3.5">
      <div className="flex items-center gap-1">
        <TaskIcon kind={task.kind} className="mr-2 size-4.5 shrink-0 text-ink-faint" />
        <p className="line-clamp-3 min-w-0 flex-1 text-sm font-medium [overflow-wrap:anywhere]">{name}</p>
        <Commands task={task} name={name} />
      </div>
      <Progress label={t`Progress of ${name}`} share={share} isResting={task.state !== "running"} className="my-2" />
      <HowFar task={task} />
      {task.state === "queued" && <WhyWaiting task={task} />}
    </li>
  );
}

function Commands({ task, name }: { task: Task; name: string }) {
  const { t } = useLingui();
  const { mutate, isPending } = useTaskCommand();
  const give = (command: TaskCommand) => mutate({ id: task.task_id, command });
  const isPaused = task.state === "paused";
  return (
    <>
      <IconButton
        size="smallIcon"
        label={isPaused ? t`Resume ${name}` : t`Pause ${name}`}
        disabled={isPending}
        onClick={() => give(isPaused ? "resume" : "pause")}
      >
        {isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
      </IconButton>
      {isDownload(task) ? (
        <Confirm
          title={t`Cancel this download?`}
          action={t`Cancel the download`}
          onConfirm={() => give("cancel")}
          trigger={
            <IconButton size="smallIcon" label={t`Cancel ${name}`} disabled={isPending}>
              <X aria-hidden />
            </IconButton>
          }
        >
          <Trans>What has arrived of “{name}” is thrown away. To go on later, pause it instead.</Trans>
        </Confirm>
      ) : (
        <IconButton size="smallIcon" label={t`Cancel ${name}`} disabled={isPending} onClick={() => give("cancel")}>
          <X aria-hidden />
        </IconButton>
      )}
    </>
  );
}

/** What is done and how fast it goes on, in the task's own unit. */
function HowFar({ task }: { task: Task }) {
  const { t } = useLingui();
  const format = useFormat();
  const isOfBytes = task.unit === "bytes";
  const show = (amount: number) => (isOfBytes ? format.bytes(amount) : format.number(amount));
  const done = show(task.done);
  const perSecond = isOfBytes
    ? format.speed(task.per_second)
    : isOfModels(task)
      ? t`${format.number(Math.round(task.per_second))} models/s`
      : t`${format.number(Math.round(task.per_second))} files/s`;
  const isRunning = task.state === "running";
  return (
    <p className="flex flex-wrap justify-between gap-x-4 text-xs text-ink-faint tabular-nums">
      <span>
        {task.total === null ? (
          isOfBytes ? (
            done
          ) : (
            <Trans>{done} files</Trans>
          )
        ) : isOfBytes ? (
          <Trans>
            {done} of {show(task.total)}
          </Trans>
        ) : isOfModels(task) ? (
          <Trans>
            {done} of {show(task.total)} models
          </Trans>
        ) : (
          <Trans>
            {done} of {show(task.total)} files
          </Trans>
        )}
      </span>
      <span>
        {task.state === "queued" && <Trans>Waiting</Trans>}
        {task.state === "paused" && <Trans>Paused</Trans>}
        {isRunning && task.per_second > 0 && perSecond}
        {isRunning && task.eta_seconds !== null && (
          <>
            {" · "}
            <Trans>{format.duration(task.eta_seconds)} left</Trans>
          </>
        )}
      </span>
    </p>
  );
}
