import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Pause, Play, X } from "lucide-react";
import { downloadsKey, useDownloadCommand, useQueue } from "@/api/downloads";
import type { Download, TaskCommand } from "@/api/types";
import { Badge } from "@/components/badge";
import { IconButton } from "@/components/button";
import { Confirm } from "@/components/confirm";
import { HiddenNote } from "@/components/hidden-note";
import { Progress } from "@/components/progress";
import { Skeleton } from "@/components/skeleton";
import { ErrorState } from "@/components/states";
import { WhyWaiting } from "@/components/why-waiting";
import { QueueCommands } from "@/features/downloads/commands-to-all";
import { Limits } from "@/features/downloads/limits";
import { MoveButtons, type Places, placesOf } from "@/features/downloads/move-buttons";
import { useFormat } from "@/lib/format";

/** What is being fetched, or waits for it. */
export function Queue() {
  const { t } = useLingui();
  const queryClient = useQueryClient();
  const queue = useQueue();
  if (queue.isPending) return <Skeleton className="h-24 rounded-2xl" />;
  if (queue.isError)
    return (
      <ErrorState error={queue.error} onRetry={() => void queryClient.invalidateQueries({ queryKey: downloadsKey })} />
    );
  if (queue.data.items.length === 0) return null;
  return (
    <section>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h2 className="mr-auto flex items-center gap-2 font-semibold">
          <Trans>In the queue</Trans>
          <Badge className="tabular-nums">{queue.data.total}</Badge>
        </h2>
        <Rest downloads={queue.data.items} />
        <QueueCommands downloads={queue.data.items} />
      </div>
      <Limits />
      <ul aria-label={t`In the queue`} className="divide-y overflow-hidden rounded-2xl border bg-surface shadow-xs">
        {inOrder(queue.data.items).map((download, index, all) => (
          <QueueRow key={download.task_id} download={download} places={placesOf(all, index)} />
        ))}
      </ul>
    </section>
  );
}

/** How much of all is still to come, and how long that takes at the speed of now; nothing where one alone says it. */
function Rest({ downloads }: { downloads: Download[] }) {
  const format = useFormat();
  if (downloads.length < 2) return null;
  const left = downloads.reduce(
    (sum, { bytes_total, bytes_done }) => sum + Math.max(0, (bytes_total ?? 0) - bytes_done),
    0,
  );
  const speed = downloads.reduce((sum, { state, per_second }) => sum + (state === "running" ? per_second : 0), 0);
  return (
    <p className="text-[13px] text-ink-soft tabular-nums">
      {speed > 0 ? (
        <Trans>
          {format.bytes(left)} left, about {format.duration(Math.ceil(left / speed))}
        </Trans>
      ) : (
        <Trans>{format.bytes(left)} left</Trans>
      )}
    </p>
  );
}

/** What runs comes first; the rest in the order in which it will be fetched. */
function inOrder(downloads: Download[]): Download[] {
  const isRunning = (download: Download) => download.state === "running";
  return [...downloads.filter(isRunning), ...downloads.filter((download) => !isRunning(download))];
}

function QueueRow({ download, places }: { download: Download; places: Places | null }) {
  const { t } = useLingui();
  const { mutate, isPending } = useDownloadCommand();
  const give = (command: TaskCommand) => mutate({ id: download.task_id, command });
  const isPaused = download.state === "paused";
  return (
    <li className="px-4 py-3.5">
      <div className="flex items-center gap-1">
        <p dir="auto" className="min-w-0 flex-1 truncate text-sm font-medium" title={download.path ?? download.url}>
          {download.name}
        </p>
        {places && <MoveButtons download={download} places={places} />}
        {isPaused ? (
          <IconButton
            size="smallIcon"
            label={t`Resume ${download.name}`}
            disabled={isPending}
            onClick={() => give("resume")}
          >
            <Play aria-hidden />
          </IconButton>
        ) : (
          <IconButton
            size="smallIcon"
            label={t`Pause ${download.name}`}
            disabled={isPending}
            onClick={() => give("pause")}
          >
            <Pause aria-hidden />
          </IconButton>
        )}
        <Confirm
          title={t`Cancel this download?`}
          action={t`Cancel the download`}
          onConfirm={() => give("cancel")}
          trigger={
            <IconButton size="smallIcon" label={t`Cancel ${download.name}`} disabled={isPending}>
              <X aria-hidden />
            </IconButton>
          }
        >
          <Trans>What has arrived of “{download.name}” is thrown away. To go on later, pause it instead.</Trans>
        </Confirm>
      </div>
      <HiddenNote task={download} />
      <Progress
        label={t`Progress of ${download.name}`}
        share={
          download.bytes_total ? download.bytes_done / download.bytes_total : download.state === "running" ? null : 0
        }
        isResting={download.state !== "running"}
        className="my-2"
      />
      <ProgressText download={download} />
      {download.state === "queued" && <WhyWaiting task={download} />}
    </li>
  );
}

function ProgressText({ download }: { download: Download }) {
  const format = useFormat();
  const done = format.bytes(download.bytes_done);
  return (
    <p className="flex flex-wrap justify-between gap-x-4 text-xs text-ink-faint tabular-nums">
      <span>
        {download.bytes_total === null ? (
          done
        ) : (
          <Trans>
            {done} of {format.bytes(download.bytes_total)}
          </Trans>
        )}
      </span>
      <span>
        {download.state === "queued" && <Trans>Waiting</Trans>}
        {download.state === "paused" && <Trans>Paused</Trans>}
        {download.state === "running" && download.per_second > 0 && format.speed(download.per_second)}
        {download.state === "running" && download.eta_seconds !== null && (
          <>
            {" · "}
            <Trans>{format.duration(download.eta_seconds)} left</Trans>
          </>
        )}
      </span>
    </p>
  );
}
