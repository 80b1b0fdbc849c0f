import { Trans, useLingui } from "@lingui/react/macro";
import { DownloadCloud, RotateCw, Trash2 } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Link } from "react-router";
import { useDownloadAgain, useDownloadCommand, useForgetDownload, useHistory, useQueue } from "@/api/downloads";
import type { Download } from "@/api/types";
import { IconButton } from "@/components/button";
import { Input } from "@/components/field";
import { HiddenNote } from "@/components/hidden-note";
import { Outcome } from "@/components/outcome";
import { Sentence } from "@/components/sentence";
import { ShowMore } from "@/components/show-more";
import { Skeleton } from "@/components/skeleton";
import { ErrorState } from "@/components/states";
import { HistoryCommands } from "@/features/downloads/commands-to-all";
import { useFormat } from "@/lib/format";

/** What has come to its end, well or not, and what to do about it. */
export function History() {
  const { t } = useLingui();
  const [words, setWords] = useState("");
  const history = useHistory(useDeferredValue(words.trim()));
  const queue = useQueue();
  if (history.isPending) return <Skeleton className="h-24 rounded-2xl" />;
  // One message and one button for both, where neither can be had.
  if (history.isError && queue.isError) return null;
  if (history.isError) return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  const downloads = history.data.pages.flatMap((page) => page.items);
  if (downloads.length === 0 && words === "") return null;
  return (
    <section>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h2 className="mr-auto font-semibold">
          <Trans>History</Trans>
        </h2>
        <Input
          type="search"
          aria-label={t`Search the history`}
          placeholder={t`Search`}
          className="h-8 w-44 max-sm:order-last max-sm:w-full"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <HistoryCommands hasFailed={downloads.some((download) => download.state === "failed")} />
      </div>
      {downloads.length === 0 && (
        <p role="status" className="rounded-2xl border bg-surface px-4 py-6 text-center text-sm text-ink-soft">
          <Trans>No download in the history matches.</Trans>
        </p>
      )}
      <ul
        aria-label={t`History`}
        className="divide-y overflow-hidden rounded-2xl border bg-surface shadow-xs empty:hidden"
      >
        {downloads.map((download) => (
          <HistoryRow key={download.task_id} download={download} />
        ))}
      </ul>
      <div className="mt-3">
        <ShowMore list={history} />
      </div>
    </section>
  );
}

function HistoryRow({ download }: { download: Download }) {
  const { t } = useLingui();
  const format = useFormat();
  const command = useDownloadCommand();
  const again = useDownloadAgain();
  const forget = useForgetDownload();
  return (
    <li className="flex gap-3 px-4 py-3">
      <Outcome state={download.state} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium" title={download.url}>
          {download.model_id === null ? (
            download.name
          ) : (
            <Link to={`/models/${download.model_id}`} className="rounded hover:text-accent-ink hover:underline">
              {download.name}
            </Link>
          )}
        </p>
        <HiddenNote task={download} />
        {download.error && (
          <p className="mt-0.5 text-[13px] leading-relaxed text-danger">
            <Sentence said={download} />
          </p>
        )}
        {download.code === "SOURCE_NEEDS_LOGIN" && (
          <Link to="/settings#accounts" className="rounded text-[13px] font-medium text-accent-ink hover:underline">
            <Trans>Go to the settings</Trans>
          </Link>
        )}
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-ink-faint">
          {download.finished_at && (
            <time dateTime={download.finished_at} title={format.date(download.finished_at)}>
              {format.ago(download.finished_at)}
            </time>
          )}
          {download.bytes_total !== null && <span>{format.bytes(download.bytes_total)}</span>}
          {download.path && <span className="max-w-full truncate">{download.path}</span>}
        </p>
      </div>
      {download.state === "done" && (
        <IconButton
          size="smallIcon"
          label={t`Download ${download.name} again`}
          disabled={again.isPending}
          onClick={() => again.mutate(download.task_id)}
        >
          <DownloadCloud aria-hidden />
        </IconButton>
      )}
      {download.state !== "done" && (
        <IconButton
          size="smallIcon"
          label={t`Retry ${download.name}`}
          disabled={command.isPending}
          onClick={() => command.mutate({ id: download.task_id, command: "retry" })}
        >
          <RotateCw aria-hidden />
        </IconButton>
      )}
      <IconButton
        size="smallIcon"
        label={t`Remove ${download.name} from the history; its file stays`}
        disabled={forget.isPending}
        onClick={() => forget.mutate(download.task_id)}
      >
        <Trash2 aria-hidden />
      </IconButton>
    </li>
  );
}
