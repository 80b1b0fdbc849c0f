import { useLingui } from "@lingui/react/macro";
import { ListChecks } from "lucide-react";
import type { KnownVersion, Update } from "@/api/updates";
import { IconButton } from "@/components/button";
import { DownloadVersion, VersionRow } from "@/components/version-row";
import { IgnoreVersion } from "@/features/updates/update-menu";

interface NewerVersionProps {
  update: Update;
  version: KnownVersion;
  isNewest: boolean;
  onDownload: (url: string) => Promise<boolean>;
  onInspect: (url: string) => void;
}

/** A version that is newer than what is here, and what can be done about it. */
export function NewerVersion({ update, version, isNewest, onDownload, onInspect }: NewerVersionProps) {
  const { t } = useLingui();
  return (
    <VersionRow version={version}>
      <IgnoreVersion update={update} version={version} />
      <IconButton size="smallIcon" label={t`Choose files of ${version.name}`} onClick={() => onInspect(version.url)}>
        <ListChecks aria-hidden />
      </IconButton>
      <DownloadVersion version={version} isFirstChoice={isNewest} onDownload={onDownload} />
    </VersionRow>
  );
}
