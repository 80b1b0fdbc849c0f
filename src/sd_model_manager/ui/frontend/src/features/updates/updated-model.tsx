import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Update } from "@/api/updates";
import { ModelPreview } from "@/components/model-preview";
import { typeLook } from "@/components/model-type";
import { NewerVersion } from "@/features/updates/newer-version";
import { UpdateMenu } from "@/features/updates/update-menu";
import { useFormat } from "@/lib/format";
import { useShownPreview } from "@/lib/revealed";

interface UpdatedModelProps {
  updates: Update[];
  onDownload: (url: string) => Promise<boolean>;
  onInspect: (...urls: string[]) => void;
}

/** One model at the source: what is here of it, and what is newer than that. */
export function UpdatedModel({ updates, onDownload, onInspect }: UpdatedModelProps) {
  const { t } = useLingui();
  const [first] = updates;
  if (!first) return null;
  return (
    <li className="flex gap-3 rounded-2xl border bg-surface p-3 shadow-xs sm:gap-4 sm:p-4">
      <Link
        to={`/models/${first.id}`}
        tabIndex={-1}
        aria-hidden
        className="h-20 w-16 shrink-0 overflow-hidden rounded-lg sm:h-30 sm:w-24"
      >
        <Preview update={first} />
      </Link>
      <div className="min-w-0 flex-1">
        <div className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            <h2
              title={first.published_model_name}
              className="line-clamp-3 text-[15px] leading-snug font-semibold [overflow-wrap:anywhere]"
            >
              {first.published_model_name}
            </h2>
            <p className="mt-0.5 text-xs text-ink-faint">
              {t(typeLook(first.type).label)}
              {first.creator && (
                <>
                  {" · "}
                  <Trans>by {first.creator}</Trans>
                </>
              )}
            </p>
          </div>
          <UpdateMenu update={first} />
        </div>
        {updates.map((update) => (
          <div key={update.id} className="mt-2.5">
            <Installed update={update} />
            <ul className="mt-1.5 divide-y rounded-xl border">
              {update.versions.map((version, index) => (
                <NewerVersion
                  key={version.version_id}
                  update={update}
                  version={version}
                  isNewest={index === 0}
                  onDownload={onDownload}
                  onInspect={onInspect}
                />
              ))}
            </ul>
          </div>
        ))}
      </div>
    </li>
  );
}

function Preview({ update }: { update: Update }) {
  const previewUrl = useShownPreview(update);
  const { name, type, preview_media: media } = update;
  return <ModelPreview key={previewUrl} name={name} type={type} previewUrl={previewUrl} media={media} size="small" />;
}

function Installed({ update: { id, name, installed } }: { update: Update }) {
  const format = useFormat();
  return (
    <p className="text-[13px] text-ink-soft">
      <Trans>
        You have{" "}
        <Link to={`/models/${id}`} title={name} className="rounded font-medium text-ink hover:underline">
          {installed.name || name}
        </Link>
      </Trans>
      {installed.base_model && ` · ${installed.base_model}`}
      {installed.published_at && ` · ${format.day(installed.published_at)}`}
    </p>
  );
}
