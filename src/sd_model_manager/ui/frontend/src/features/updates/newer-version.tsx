import { Trans, useLingui } from "@lingui/react/macro";
import { Check, Clock, Coins, Download, ListChecks } from "lucide-react";
import { useState } from "react";
import { useQueue } from "@/api/downloads";
import type { Update, UpdateVersion } from "@/api/updates";
import { Badge } from "@/components/badge";
import { Button, IconButton } from "@/components/button";
import { IgnoreVersion } from "@/features/updates/update-menu";
import { useFormat } from "@/lib/format";

interface NewerVersionProps {
  update: Update;
  version: UpdateVersion;
  isNewest: boolean;
  onDownload: (url: string) => Promise<boolean>;
  onInspect: (url: string) => void;
}

/** A version that is newer than what is here, and what can be done about it. */
export function NewerVersion({ update, version, isNewest, onDownload, onInspect }: NewerVersionProps) {
  const { t } = useLingui();
  const format = useFormat();
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2 pr-2 pl-3">
      <div className="min-w-0 flex-1 basis-44">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <a
            href={version.url}
            target="_blank"
            rel="noreferrer noopener"
            className="rounded text-sm font-medium [overflow-wrap:anywhere] hover:text-accent-ink hover:underline"
          >
            {version.name || version.version_id}
          </a>
          <AccessBadge version={version} />
        </p>
        <p className="text-xs text-ink-faint">
          {[version.base_model, version.published_at && format.day(version.published_at)].filter(Boolean).join(" · ")}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-1">
        <IgnoreVersion update={update} version={version} />
        <IconButton size="smallIcon" label={t`Choose files of ${version.name}`} onClick={() => onInspect(version.url)}>
          <ListChecks aria-hidden />
        </IconButton>
        <DownloadButton version={version} isNewest={isNewest} onDownload={onDownload} />
      </div>
    </li>
  );
}

function DownloadButton({
  version,
  isNewest,
  onDownload,
}: Pick<NewerVersionProps, "version" | "isNewest" | "onDownload">) {
  const { t } = useLingui();
  const [isStarting, setIsStarting] = useState(false);
  const isQueued = useQueue().data?.items.some((download) => download.url === version.url) ?? false;
  const isFirstChoice = isNewest && version.access === "free";
  const start = async () => {
    setIsStarting(true);
    await onDownload(version.url);
    setIsStarting(false);
  };
  if (isQueued) {
    return (
      <Badge tone="good" className="h-8 px-2.5">
        <Check aria-hidden />
        <Trans>In the queue</Trans>
      </Badge>
    );
  }
  return (
    <Button
      size="small"
      look={isFirstChoice ? "primary" : "plain"}
      className={isFirstChoice ? "border border-transparent" : undefined}
      aria-label={t`Download ${version.name}`}
      disabled={isStarting}
      onClick={start}
    >
      <Download aria-hidden />
      <Trans>Download</Trans>
    </Button>
  );
}

function AccessBadge({ version: { access, available_from } }: { version: UpdateVersion }) {
  const format = useFormat();
  if (access === "paid") {
    return (
      <Badge tone="warn">
        <Coins aria-hidden />
        <Trans>To be bought</Trans>
      </Badge>
    );
  }
  if (access !== "early_access") return null;
  return (
    <Badge tone="warn">
      <Clock aria-hidden />
      {available_from ? <Trans>Early access until {format.day(available_from)}</Trans> : <Trans>Early access</Trans>}
    </Badge>
  );
}
