import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { CircleAlert, RefreshCw } from "lucide-react";
import type { ComponentProps } from "react";
import { Link } from "react-router";
import { NOT_ASKED, useModelCount } from "@/api/model-counts";
import { useSettings } from "@/api/settings";
import type { Task } from "@/api/types";
import { useCheckUpdates, useLastCheck, useRunningCheck, useUpdates } from "@/api/updates";
import { Button } from "@/components/button";
import { LookUpButton } from "@/components/look-up/look-up-button";
import { Progress } from "@/components/progress";
import { Sentence } from "@/components/sentence";
import { Skeleton } from "@/components/skeleton";
import { useFormat } from "@/lib/format";

export function CheckButton({ look }: Pick<ComponentProps<typeof Button>, "look">) {
  const check = useCheckUpdates();
  const running = useRunningCheck();
  return (
    <Button look={look} disabled={check.isPending || running !== undefined} onClick={() => check.mutate()}>
      <RefreshCw aria-hidden className={running?.state === "running" ? "animate-spin" : undefined} />
      {running ? <Trans>Looking for updates</Trans> : <Trans>Check now</Trans>}
    </Button>
  );
}

/** The same above the list; where there is none and never was a check, what stands in its place has it. */
export function CheckAgainButton() {
  const isNew = useLastCheck().data === null;
  const isEmpty = useUpdates().data?.pages[0]?.total === 0;
  return isNew && isEmpty ? null : <CheckButton />;
}

/** How current the list is: the check that goes on, or the last one and when the next will be; what it leaves out. */
export function CheckState() {
  const running = useRunningCheck();
  const last = useLastCheck();
  if (!running && last.isLoadingError) return null; // the list below says what is wrong
  return (
    <div className="space-y-2 rounded-2xl border bg-surface px-4 py-3 text-[13px] leading-relaxed text-ink-soft shadow-xs">
      {running && <Running task={running} />}
      {!running && (last.data === undefined ? <Skeleton className="h-5 max-w-96" /> : <LastCheck last={last.data} />)}
      <NotLookedUp />
    </div>
  );
}

/** Only of what was looked up can there be versions; nothing where that is all. */
function NotLookedUp() {
  const count = useModelCount(`${NOT_ASKED} is:hashed`).data ?? 0;
  if (count === 0) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t pt-2">
      <p>
        <Plural
          value={count}
          one="# model was not looked up yet, so nobody knows of its versions."
          other="# models were not looked up yet, so nobody knows of their versions."
        />
      </p>
      <LookUpButton />
    </div>
  );
}

function Running({ task }: { task: Task }) {
  const { t } = useLingui();
  const format = useFormat();
  const share = task.total ? Math.min(1, task.done / task.total) : task.state === "running" ? null : 0;
  return (
    <>
      <p className="flex flex-wrap justify-between gap-x-4">
        <span>{task.state === "running" ? <Trans>Asking Civitai</Trans> : <Trans>Waiting</Trans>}</span>
        {task.total !== null && (
          <span className="tabular-nums">
            <Trans>
              {format.number(task.done)} of {format.number(task.total)} models
            </Trans>
          </span>
        )}
      </p>
      <Progress label={t`Progress of the check`} share={share} isResting={task.state !== "running"} className="mt-2" />
    </>
  );
}

function LastCheck({ last }: { last: Task | null }) {
  const format = useFormat();
  const at = last?.finished_at;
  return (
    <>
      <p className="flex flex-wrap gap-x-2">
        {at ? (
          <span>
            <Trans>
              Last checked{" "}
              <time dateTime={at} title={format.date(at)}>
                {format.ago(at)}
              </time>
              .
            </Trans>
          </span>
        ) : (
          <Trans>Never checked.</Trans>
        )}
        <Schedule />
      </p>
      {last?.state === "failed" && last.error && (
        <p role="alert" className="mt-1.5 flex gap-2 text-danger">
          <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span>
            <Sentence said={last} />
          </span>
        </p>
      )}
    </>
  );
}

function Schedule() {
  const setting = useSettings().data?.find((known) => known.key === "check_updates_every_hours");
  if (!setting) return null;
  const hours = Number(setting.value);
  return (
    <span>
      {hours > 0 ? (
        <Plural value={hours} one="Civitai is asked every hour." other="Civitai is asked every # hours." />
      ) : (
        <Trans>Civitai is asked only when you say so.</Trans>
      )}{" "}
      <Link to="/settings#lookups" className="rounded font-medium whitespace-nowrap text-accent-ink hover:underline">
        <Trans>Change that</Trans>
      </Link>
    </span>
  );
}
