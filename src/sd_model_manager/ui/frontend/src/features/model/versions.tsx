import { Trans } from "@lingui/react/macro";
import { Check } from "lucide-react";
import { Link, useLocation } from "react-router";
import type { ModelDetail } from "@/api/types";
import { type SiblingVersion, useVersions } from "@/api/updates";
import { Badge } from "@/components/badge";
import { buttonClass } from "@/components/button";
import { Section } from "@/components/section";
import { DownloadVersion, VersionRow } from "@/components/version-row";

interface VersionsProps {
  model: ModelDetail;
  onDownload: (url: string) => Promise<boolean>;
}

/** All versions that are known of the published model: which are here, which are updates. */
export function Versions({ model, onDownload }: VersionsProps) {
  const versions = useVersions(model.id).data ?? [];
  if (versions.length === 0) return null;
  return (
    <Section
      title={<Trans>Versions</Trans>}
      aside={
        model.published?.source === "civitai" && (
          <Link
            to={`/discover?model=${encodeURIComponent(model.published.model_id)}`}
            className={buttonClass("quiet", "small")}
          >
            <Trans>Open in Discover</Trans>
          </Link>
        )
      }
    >
      <ul className="divide-y rounded-xl border">
        {versions.map((version) => (
          <VersionRow key={version.version_id} version={version}>
            <State version={version} modelId={model.id} onDownload={onDownload} />
          </VersionRow>
        ))}
      </ul>
    </Section>
  );
}

interface StateProps {
  version: SiblingVersion;
  modelId: number;
  onDownload: (url: string) => Promise<boolean>;
}

/** Whether it is the open one, or lies elsewhere in the library, or how to get it. */
function State({ version, modelId, onDownload }: StateProps) {
  const { search } = useLocation();
  if (version.model_ids.includes(modelId)) {
    return (
      <Badge tone="good" className="h-8 px-2.5">
        <Check aria-hidden />
        <Trans>This one</Trans>
      </Badge>
    );
  }
  const [other] = version.model_ids;
  if (other !== undefined) {
    return (
      <Link to={{ pathname: `/models/${other}`, search }} className={buttonClass("plain", "small")}>
        <Check aria-hidden />
        <Trans>In your library</Trans>
      </Link>
    );
  }
  return (
    <>
      {version.is_update && (
        <Badge tone="accent">
          <Trans>Update</Trans>
        </Badge>
      )}
      <DownloadVersion version={version} isFirstChoice={version.is_update} onDownload={onDownload} />
    </>
  );
}
