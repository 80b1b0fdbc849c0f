import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Archive, CloudOff, DownloadCloud, EyeOff, FileX2, PackageX } from "lucide-react";
import { Link } from "react-router";
import { ApiError } from "@/api/client";
import { findListedModel, useModel } from "@/api/models";
import type { Model, ModelDetail } from "@/api/types";
import { Badge } from "@/components/badge";
import { Button, buttonClass } from "@/components/button";
import { Description } from "@/components/description";
import { Licence } from "@/components/licence";
import { typeLook } from "@/components/model-type";
import { ScanButton } from "@/components/scan-button";
import { Skeleton } from "@/components/skeleton";
import { EmptyState, ErrorState } from "@/components/states";
import { ClaimedNotes } from "@/features/model/claimed-notes";
import { FavoriteToggle } from "@/features/model/favorite-toggle";
import { Files } from "@/features/model/files";
import { Gallery } from "@/features/model/gallery";
import { Hashes } from "@/features/model/hashes";
import { HeaderMetadata } from "@/features/model/header-metadata";
import { Identity } from "@/features/model/identity";
import { ModelCollections } from "@/features/model/model-collections";
import { Notes } from "@/features/model/notes";
import { OwnFacts } from "@/features/model/own-facts";
import { OwnTags } from "@/features/model/own-tags";
import { PublishedImages } from "@/features/model/published-images";
import { PublishedLink } from "@/features/model/published-link";
import { PublishedPage } from "@/features/model/published-page";
import { Rating } from "@/features/model/rating";
import { TagLink } from "@/features/model/tag-link";
import { Training } from "@/features/model/training";
import { TriggerWords } from "@/features/model/trigger-words";
import { Versions } from "@/features/model/versions";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { showLevel } from "@/lib/mature-level";

/** As a whole page, the pictures stand beside what is to be read, which is set in columns where it is very wide. */
const pageClass = "@4xl:grid @4xl:grid-cols-[minmax(0,5fr)_minmax(0,6fr)] @4xl:items-start @4xl:gap-x-4 @4xl:p-4";
const columnsClass = "@[100rem]:columns-2 @[100rem]:gap-x-10 @[100rem]:[&>*]:break-inside-avoid";

interface ModelPanelProps {
  id: number;
  onClose: () => void;
  /** Fetches another version by its page at the source. */
  onDownload: (url: string) => Promise<boolean>;
}

/** All that is known of one model. What a list already said of it is shown while the rest is on its way. */
export function ModelPanel({ id, onClose, onDownload }: ModelPanelProps) {
  const detail = useModel(id);
  const listed = findListedModel(useQueryClient(), id);
  if (detail.error instanceof ApiError && detail.error.status === 404) return <UnknownModel onClose={onClose} />;
  if (detail.error instanceof ApiError && detail.error.code === "MATURE_HIDDEN") return <HiddenModel />;
  if (detail.isError) return <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />;
  const model = detail.data ?? listed;
  return (
    <article className="@container h-full overflow-y-auto overscroll-contain" aria-busy={detail.isPending}>
      <div className={pageClass}>
        {model ? <Head model={model} detail={detail.data} /> : <Skeleton className="aspect-[4/3] rounded-none" />}
        {detail.data ? <Body model={detail.data} onDownload={onDownload} /> : <BodySkeleton />}
      </div>
    </article>
  );
}

function Head({ model, detail }: { model: Model; detail: ModelDetail | undefined }) {
  const { t } = useLingui();
  const format = useFormat();
  const { icon: Icon, label } = typeLook(model.type);
  return (
    <header className="@4xl:sticky @4xl:top-4 @4xl:overflow-hidden @4xl:rounded-2xl">
      <Gallery key={model.id} model={model} previews={detail?.previews ?? []} canChange={detail !== undefined} />
      <div className="space-y-3 px-5 pt-4">
        <div className="flex items-start gap-2">
          <h2 dir="auto" className="min-w-0 flex-1 text-xl leading-snug font-semibold text-balance break-words">
            {model.name}
          </h2>
          {detail && <FavoriteToggle model={detail} />}
        </div>
        {model.published && <PublishedLink published={model.published} />}
        <div className="flex flex-wrap gap-1.5">
          <Badge tone="accent">
            <Icon aria-hidden />
            {t(label)}
          </Badge>
          <Badge>{model.base_model ?? t`Unknown base`}</Badge>
          {model.precision && <Badge>{model.precision}</Badge>}
          <Badge>{model.format}</Badge>
          <Badge className="tabular-nums">{format.bytes(model.size_bytes)}</Badge>
          {model.mature_level && model.mature_level !== "pg" && (
            <Badge>{t`Rated ${showLevel(model.mature_level)}`}</Badge>
          )}
          {model.category === "archive" && (
            <Badge>
              <Archive aria-hidden />
              <Trans>Archived</Trans>
            </Badge>
          )}
        </div>
        {detail && <Rating model={detail} />}
        <PresenceNotice model={model} />
      </div>
    </header>
  );
}

function PresenceNotice({ model }: { model: Model }) {
  if (model.state === "present") return null;
  const isMissing = model.state === "missing";
  const Icon = isMissing ? FileX2 : CloudOff;
  return (
    <div className="rounded-xl bg-warn-soft p-3 text-[13px] leading-relaxed text-warn">
      <p className="flex gap-2.5">
        <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
        {isMissing ? (
          <Trans>
            The file is gone from its folder. What you know of it is kept; put the file back or download it again, then
            scan.
          </Trans>
        ) : (
          <Trans>Its folder cannot be reached. Connect the drive or network share, then scan.</Trans>
        )}
      </p>
      <div className="mt-2 flex flex-wrap gap-2 pl-6.5">
        <ScanButton size="small">
          <Trans>Scan</Trans>
        </ScanButton>
        {isMissing && model.published && (
          <Link to="/downloads" state={{ links: [model.published.url] }} className={buttonClass("plain", "small")}>
            <DownloadCloud aria-hidden />
            <Trans>Download again</Trans>
          </Link>
        )}
      </div>
    </div>
  );
}

function Body({ model, onDownload }: { model: ModelDetail } & Pick<ModelPanelProps, "onDownload">) {
  const published = model.published_detail;
  const triggerWords = model.trigger_words.length > 0 ? model.trigger_words : (published?.trigger_words ?? []);
  return (
    <div className={cn("space-y-7 px-5 pt-6 pb-10 @4xl:pt-0", columnsClass)}>
      <TriggerWords words={triggerWords} model={model} weight={model.preferred_weight} />
      {published && <PublishedImages model={model} images={published.images} />}
      <OwnTags model={model} />
      <ModelCollections model={model} />
      <Notes model={model} />
      <ClaimedNotes notes={model.claimed_notes} />
      <Description
        ofVersion={published?.version_description_html ?? null}
        ofModel={published?.description_html ?? model.description_html}
      />
      <Tags tags={model.tags.filter((tag) => !model.user.own_tags.includes(tag))} />
      {published?.licence && (
        <p className="text-[13px] text-ink-soft">
          <Trans>
            Licence: <Licence of={published} />
          </Trans>
        </p>
      )}
      <Training metadata={model.header_metadata} />
      {published && <Versions model={model} onDownload={onDownload} />}
      <PublishedPage model={model} />
      <Files model={model} />
      <OwnFacts model={model} />
      <Identity identity={model.identity} />
      <Hashes model={model} />
      <HeaderMetadata metadata={model.header_metadata} />
    </div>
  );
}

function Tags({ tags }: { tags: string[] }) {
  const { t } = useLingui();
  if (tags.length === 0) return null;
  return (
    <ul aria-label={t`Tags`} className="flex flex-wrap gap-x-3 gap-y-1 text-[13px] text-ink-faint">
      {tags.map((tag) => (
        <li key={tag} className="min-w-0 [overflow-wrap:anywhere]">
          <TagLink tag={tag}>#{tag}</TagLink>
        </li>
      ))}
    </ul>
  );
}

function UnknownModel({ onClose }: { onClose: () => void }) {
  return (
    <EmptyState
      icon={PackageX}
      title={<Trans>This model is not in the library</Trans>}
      actions={
        <Button onClick={onClose}>
          <Trans>Back to the library</Trans>
        </Button>
      }
    >
      <Trans>It may have been removed, or the link is from another library.</Trans>
    </EmptyState>
  );
}

function HiddenModel() {
  return (
    <EmptyState
      icon={EyeOff}
      title={<Trans>This model is hidden</Trans>}
      actions={
        <Link to="/settings#mature" className={buttonClass()}>
          <Trans>Settings of mature content</Trans>
        </Link>
      }
    >
      <Trans>It counts as mature content, which is hidden here.</Trans>
    </EmptyState>
  );
}

function BodySkeleton() {
  return (
    <div className="space-y-4 px-5 pt-6">
      <Skeleton className="h-6 w-2/3" />
      <Skeleton className="h-24" />
      <Skeleton className="h-40" />
    </div>
  );
}
