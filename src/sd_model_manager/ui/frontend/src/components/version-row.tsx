import { Trans, useLingui } from "@lingui/react/macro";
import { Check, Clock, Coins, Download } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useQueue } from "@/api/downloads";
import type { KnownVersion } from "@/api/updates";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { useFormat } from "@/lib/format";

/** A version of a published model, what is known of it, and what can be done about it. */
export function VersionRow({ version, children }: { version: KnownVersion; children: ReactNode }) {
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
      <div className="flex flex-wrap items-center gap-1">{children}</div>
    </li>
  );
}

interface DownloadVersionProps {
  version: KnownVersion;
  /** Whether it stands out among the others. */
  isFirstChoice: boolean;
  onDownload: (url: string) => Promise<boolean>;
}

export function DownloadVersion({ version, isFirstChoice, onDownload }: DownloadVersionProps) {
  const { t } = useLingui();
  const [isStarting, setIsStarting] = useState(false);
  const isQueued = useQueue().data?.items.some((download) => download.url === version.url) ?? false;
  const isPrimary = isFirstChoice && version.access === "free";
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
      look={isPrimary ? "primary" : "plain"}
      className={isPrimary ? "border border-transparent" : undefined}
      aria-label={t`Download ${version.name}`}
      disabled={isStarting}
      onClick={start}
    >
      <Download aria-hidden />
      <Trans>Download</Trans>
    </Button>
  );
}

function AccessBadge({ version: { access, available_from } }: { version: KnownVersion }) {
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
