import { Trans, useLingui } from "@lingui/react/macro";
import { Coffee } from "lucide-react";
import { useQueue } from "@/api/downloads";
import { useActiveTasks } from "@/api/tasks";
import type { Task } from "@/api/types";
import { Badge } from "@/components/badge";
import { ScanButton } from "@/components/scan-button";
import { Skeleton } from "@/components/skeleton";
import { EmptyState, ErrorNotice } from "@/components/states";
import { ActiveTask } from "@/features/tasks/active-task";

/** All that runs, rests or waits, as it goes on. */
export function UnderWay() {
  const { t } = useLingui();
  const others = useActiveTasks();
  const downloads = useQueue();
  const failed = [others, downloads].find((query) => query.isLoadingError);
  if (failed?.error) return <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!others.data || !downloads.data) return <Skeleton className="h-24 rounded-2xl" />;
  const tasks = inOrder([...others.data.items, ...downloads.data.items]);
  if (tasks.length === 0) return <NothingGoesOn />;
  return (
    <section>
      <h2 className="mb-3 flex items-center gap-2 font-semibold">
        <Trans>Under way</Trans>
        <Badge className="tabular-nums">{others.data.total + downloads.data.total}</Badge>
      </h2>
      <ul aria-label={t`Under way`} className="divide-y overflow-hidden rounded-2xl border bg-surface shadow-xs">
        {tasks.map((task) => (
          <ActiveTask key={task.task_id} task={task} />
        ))}
      </ul>
    </section>
  );
}

const ORDER = ["running", "queued", "paused"];

function inOrder(tasks: Task[]): Task[] {
  return tasks.toSorted((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
}

function NothingGoesOn() {
  return (
    <EmptyState
      icon={Coffee}
      className="max-w-none rounded-2xl border bg-surface py-10 shadow-xs"
      title={<Trans>Nothing goes on right now</Trans>}
      actions={
        <ScanButton>
          <Trans>Scan all</Trans>
        </ScanButton>
      }
    >
      <Trans>Downloads, scans and the computing of hashes are seen here while they run.</Trans>
    </EmptyState>
  );
}
