import { Trans, useLingui } from "@lingui/react/macro";
import { ExternalLink } from "lucide-react";
import { type ReactNode, useState } from "react";
import { usePublished } from "@/api/discover";
import type { Browsable, RemoteModel, RemoteVersion } from "@/api/types";
import { Badge } from "@/components/badge";
import { CopyChip, CopyIconButton } from "@/components/copy-button";
import { Description } from "@/components/description";
import { fieldClass } from "@/components/field";
import { typeLook } from "@/components/model-type";
import { Section } from "@/components/section";
import { Skeleton } from "@/components/skeleton";
import { RemoteFiles } from "@/features/discover/remote-files";
import { RemotePictures } from "@/features/discover/remote-pictures";
import type { ChangeSearch } from "@/features/discover/search";
import { SourceProblem } from "@/features/discover/source-problem";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";

export interface DownloadActions {
  /** Queues a download; `true` when that needs nothing more. */
  onDownload: (link: string, fileId?: string) => Promise<boolean>;
  /** Shows what a download would be before it is queued: where it goes, and what to know. */
  onInspect: (link: string) => void;
}

export interface RemoteModelPanelProps extends DownloadActions {
  source: Browsable;
  modelId: string;
  maxLevel: number | null;
  onChange: ChangeSearch;
}

/** All that a source tells of one model, and its files to download. */
export function RemoteModelPanel({ source, modelId, maxLevel, onChange, ...actions }: RemoteModelPanelProps) {
  const asked = usePublished(source.source, modelId, maxLevel);
  if (asked.isError) {
    return (
      <div className="h-full overflow-y-auto pt-10">
        <SourceProblem
          title={source.title}
          error={asked.error}
          at={asked.errorUpdatedAt}
          onRetry={() => void asked.refetch()}
        />
      </div>
    );
  }
  return (
    <article className="h-full overflow-y-auto overscroll-contain" aria-busy={asked.isPending}>
      {asked.data ? (
        <Opened model={asked.data} fetchedAt={asked.dataUpdatedAt} source={source} onChange={onChange} {...actions} />
      ) : (
        <PanelSkeleton />
      )}
    </article>
  );
}

interface OpenedProps extends DownloadActions {
  model: RemoteModel;
  fetchedAt: number;
  source: Browsable;
  onChange: ChangeSearch;
}

function Opened({ model, fetchedAt, source, onChange, ...actions }: OpenedProps) {
  const [chosenId, setChosenId] = useState(model.versions[0]?.version_id);
  const version = model.versions.find((each) => each.version_id === chosenId) ?? model.versions[0];
  if (!version) return null;
  return (
    <>
      <Head model={model} version={version} source={source} onCreator={(creator) => onChange({ creator })} />
      <div className="space-y-7 px-5 pt-5 pb-10">
        {model.versions.length > 1 && (
          <VersionChoice versions={model.versions} version={version} onChoose={setChosenId} />
        )}
        <RemoteFiles key={version.version_id} version={version} fetchedAt={fetchedAt} {...actions} />
        <Words words={version.trigger_words} />
        <RemotePictures key={`pictures ${version.version_id}`} name={model.name} images={version.images} />
        <Description
          key={`text ${version.version_id}`}
          ofVersion={version.description_html}
          ofModel={model.description_html}
        />
        {model.licence && (
          <Section title={<Trans>Licence</Trans>}>
            <p className="text-sm text-ink-soft">{model.licence}</p>
          </Section>
        )}
        <Tags tags={model.tags} onTag={source.has_tags ? (tag) => onChange({ tag, q: "" }) : undefined} />
      </div>
    </>
  );
}

interface HeadProps {
  model: RemoteModel;
  version: RemoteVersion;
  source: Browsable;
  onCreator: (name: string) => void;
}

function Head({ model, version, source, onCreator }: HeadProps) {
  const { t } = useLingui();
  const format = useFormat();
  const { icon: Icon, label } = typeLook(version.type);
  return (
    <header className="space-y-3 px-5 pt-5">
      <h2 dir="auto" className="text-xl leading-snug font-semibold text-balance break-words">
        {model.name}
      </h2>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-ink-soft">
        {model.creator && source.has_creators && (
          <button
            type="button"
            onClick={() => model.creator && onCreator(model.creator)}
            title={t`Show what else they have published`}
            className="min-w-0 rounded text-left [overflow-wrap:anywhere] text-accent-ink hover:underline"
          >
            <Trans>by {model.creator}</Trans>
          </button>
        )}
        <a
          href={version.link}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 rounded text-accent-ink hover:underline"
        >
          <Trans>Open on {source.title}</Trans>
          <ExternalLink className="size-3.5" aria-hidden />
        </a>
      </p>
      <div className="flex flex-wrap gap-1.5">
        <Badge tone="accent">
          <Icon aria-hidden />
          {t(label)}
        </Badge>
        {version.base_model && <Badge>{version.base_model}</Badge>}
        {version.published_at && <Badge>{format.day(version.published_at)}</Badge>}
      </div>
    </header>
  );
}

interface VersionChoiceProps {
  versions: RemoteVersion[];
  version: RemoteVersion;
  onChoose: (id: string) => void;
}

function VersionChoice({ versions, version, onChoose }: VersionChoiceProps) {
  const { t } = useLingui();
  const nameOf = (each: RemoteVersion): string => {
    const name = [each.name, each.base_model].filter(Boolean).join(" · ");
    return each.here.length > 0 ? t`${name} (in your library)` : name;
  };
  return (
    <label className="block text-xs font-medium text-ink-faint">
      <Trans>Version</Trans>
      <select
        value={version.version_id}
        onChange={(event) => onChoose(event.target.value)}
        className={cn(fieldClass, "mt-1 h-9.5 w-full cursor-pointer px-3 text-sm font-normal")}
      >
        {versions.map((each) => (
          <option key={each.version_id} value={each.version_id}>
            {nameOf(each)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Words({ words }: { words: string[] }) {
  const { t } = useLingui();
  if (words.length === 0) return null;
  return (
    <Section
      title={<Trans>Trigger words</Trans>}
      aside={words.length > 1 && <CopyIconButton text={words.join(", ")} label={t`Copy all trigger words`} />}
    >
      <div className="flex flex-wrap gap-1.5">
        {words.map((word) => (
          <CopyChip key={word} text={word} />
        ))}
      </div>
    </Section>
  );
}

function Tags({ tags, onTag }: { tags: string[]; onTag: ((tag: string) => void) | undefined }) {
  const { t } = useLingui();
  if (tags.length === 0) return null;
  const shown = (tag: string): ReactNode =>
    onTag ? (
      <button
        type="button"
        onClick={() => onTag(tag)}
        className="rounded text-left [overflow-wrap:anywhere] hover:text-accent-ink hover:underline"
      >
        #{tag}
      </button>
    ) : (
      `#${tag}`
    );
  return (
    <ul aria-label={t`Tags`} className="flex flex-wrap gap-x-3 gap-y-1 text-[13px] text-ink-faint">
      {tags.map((tag) => (
        <li key={tag} className="min-w-0">
          {shown(tag)}
        </li>
      ))}
    </ul>
  );
}

function PanelSkeleton() {
  const { t } = useLingui();
  return (
    <div className="space-y-4 px-5 pt-6">
      <p role="status" className="sr-only">{t`Looking it up`}</p>
      <Skeleton className="h-7 w-2/3" />
      <Skeleton className="h-5 w-1/2" />
      <Skeleton className="h-28" />
      <Skeleton className="h-48" />
    </div>
  );
}
