import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { RotateCw, Undo2 } from "lucide-react";
import { Link } from "react-router";
import { useUndoExport } from "@/api/exports";
import { isDownload, useEndedTasks, useTaskCommand } from "@/api/tasks";
import type { Task } from "@/api/types";
import { Button } from "@/components/button";
import { followExport } from "@/components/export/asked";
import { HiddenNote } from "@/components/hidden-note";
import { counted } from "@/components/look-up/counted";
import { Outcome } from "@/components/outcome";
import { Sentence } from "@/components/sentence";
import { ShowMore } from "@/components/show-more";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";
import { isOfModels } from "@/features/tasks/is-of-models";
import { useTaskName } from "@/features/tasks/task-name";
import { useFormat } from "@/lib/format";

/** What has come to its end; of what failed, why, and a way to try again. */
export function Ended() {
  const { t } = useLingui();
  const ended = useEndedTasks();
  if (ended.isPending) return <Skeleton className="h-24 rounded-2xl" />;
  if (ended.isLoadingError) return <ErrorNotice error={ended.error} onRetry={() => void ended.refetch()} />;
  const tasks = ended.data.pages.flatMap((page) => page.items);
  if (tasks.length === 0) return null;
  return (
    <section className="space-y-3">
      <h2 className="font-semibold">
        <Trans>Ended</Trans>
      </h2>
      <ul aria-label={t`Ended`} className="divide-y overflow-hidden rounded-2xl border bg-surface shadow-xs">
        {tasks.map((task) => (
          <EndedTask key={task.task_id} task={task} />
        ))}
      </ul>
      <ShowMore list={ended} />
    </section>
  );
}

function EndedTask({ task }: { task: Task }) {
  const { t } = useLingui();
  const format = useFormat();
  const name = useTaskName()(task);
  const command = useTaskCommand();
  const modelId = isDownload(task) ? task.model_id : null;
  return (
    <li className="flex gap-3 px-4 py-3">
      <Outcome state={task.state} />
      <div className="min-w-0 flex-1">
        <p className="line-clamp-3 text-sm font-medium [overflow-wrap:anywhere]">
          {modelId === null ? (
            name
          ) : (
            <Link to={`/models/${modelId}`} className="rounded hover:text-accent-ink hover:underline">
              {name}
            </Link>
          )}
        </p>
        <HiddenNote task={task} />
        {task.error && (
          <p className="mt-0.5 text-[13px] leading-relaxed text-danger">
            <Sentence said={task} />
          </p>
        )}
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-ink-faint tabular-nums">
          {task.finished_at && (
            <time dateTime={task.finished_at} title={format.date(task.finished_at)}>
              {format.ago(task.finished_at)}
            </time>
          )}
          <Amount task={task} />
        </p>
      </div>
      {task.state === "failed" && (
        <Button
          size="small"
          aria-label={t`Retry ${name}`}
          disabled={command.isPending}
          onClick={() => command.mutate({ id: task.task_id, command: "retry" })}
        >
          <RotateCw aria-hidden />
          <Trans>Retry</Trans>
        </Button>
      )}
      {(task.outcomes?.written ?? 0) > 0 && <UndoExport task={task} name={name} />}
    </li>
  );
}

/** Puts back the files of other tools that were written. */
function UndoExport({ task, name }: { task: Task; name: string }) {
  const { t } = useLingui();
  const undo = useUndoExport(followExport);
  return (
    <Button
      size="small"
      aria-label={t`Undo ${name}`}
      disabled={undo.isPending}
      onClick={() => undo.mutate(task.task_id)}
    >
      <Undo2 aria-hidden />
      <Trans>Undo</Trans>
    </Button>
  );
}

function Amount({ task }: { task: Task }) {
  const { unit, done } = task;
  const format = useFormat();
  if (done === 0) return null;
  if (unit === "bytes") return <span>{format.bytes(done)}</span>;
  if (isOfModels(task)) {
    return (
      <>
        <span>
          <Plural value={done} one="# model" other="# models" />
        </span>
        <span>{counted(task)}</span>
      </>
    );
  }
  return (
    <span>
      <Plural value={done} one="# file" other="# files" />
    </span>
  );
}
