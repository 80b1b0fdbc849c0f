import { Trans, useLingui } from "@lingui/react/macro";
import { LoaderCircle } from "lucide-react";
import { Link } from "react-router";
import { useActiveTasks } from "@/api/tasks";
import type { Task } from "@/api/types";
import { useFormat } from "@/lib/format";

/** What goes on besides downloads: a scan first, for what is waited for; hashing only where nothing else runs. */
export function WorkIndicator() {
  const running = useActiveTasks().data?.items.filter((task) => task.state === "running") ?? [];
  const shown = running.find((task) => task.kind === "scan") ?? running[0];
  return <div role="status">{shown && <Work task={shown} others={running.length - 1} />}</div>;
}

function Work({ task, others }: { task: Task; others: number }) {
  const { t } = useLingui();
  const format = useFormat();
  const verbs: Record<Task["kind"], string> = {
    scan: t`Scanning`,
    hash: t`Hashing`,
    move: t`Moving`,
    export: t`Writing files of other tools`,
    enrich: t`Looking up models`,
    check_updates: t`Looking for updates`,
    download: t`Downloading`,
  };
  const share = task.total
    ? format.percent(task.done / task.total)
    : task.unit === "files"
      ? format.number(task.done)
      : "";
  return (
    <Link
      to="/tasks"
      className="inline-flex h-8 items-center gap-2 rounded-lg bg-accent-soft px-2.5 text-[13px] font-medium whitespace-nowrap text-accent-ink"
    >
      <LoaderCircle className="size-4 animate-spin" aria-hidden />
      <span className="max-md:sr-only lg:max-[100rem]:sr-only">{verbs[task.kind]}</span>
      <span className="tabular-nums" title={task.name}>
        {share}
      </span>
      {others > 0 && (
        <span className="font-normal max-[110rem]:hidden">
          <Trans>and {others} more</Trans>
        </span>
      )}
    </Link>
  );
}
