import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Archive, CloudOff, EyeOff, FileX2, PackageX } from "lucide-react";
import { Link } from "react-router";
import { ApiError } from "@/api/client";
import { findListedModel, useModel } from "@/api/models";
import type { Model, ModelDetail } from "@/api/types";
import { Badge } from "@/components/badge";
import { Button, buttonClass } from "@/components/button";
import { Description } from "@/components/description";
import { Licence } from "@/components/licence";
import { typeLook } from "@/components/model-type";
import { Skeleton } from "@/components/skeleton";
import { EmptyState, ErrorState } from "@/components/states";
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
import { Training } from "@/features/model/training";
import { TriggerWords } from "@/features/model/trigger-words";
import { Versions } from "@/features/model/versions";
import { useFormat } from "@/lib/format";
import { showLevel } from "@/lib/mature-level";

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
    <article className="h-full overflow-y-auto overscroll-contain" aria-busy={detail.isPending}>
      {model ? <Head model={model} detail={detail.data} /> : <Skeleton className="aspect-[4/3] rounded-none" />}
      {detail.data ? <Body model={detail.data} onDownload={onDownload} /> : <BodySkeleton />}
    </article>
  );
}

function Head({ model, detail }: { model: Model; detail: ModelDetail | undefined }) {
  const { t } = useLingui();
  const format = useFormat();
  const { icon: Icon, label } = typeLook(model.type);
  return (
    <header>
      <Gallery key={model.id} model={model} previews={detail?.previews ?? []} />
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
    <p className="flex gap-2.5 rounded-xl bg-warn-soft p-3 text-[13px] leading-relaxed text-warn">
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
  );
}

function Body({ model, onDownload }: { model: ModelDetail } & Pick<ModelPanelProps, "onDownload">) {
  const published = model.published_detail;
  const triggerWords = model.trigger_words.length > 0 ? model.trigger_words : (published?.trigger_words ?? []);
  return (
    <div className="space-y-7 px-5 pt-6 pb-10">
      <TriggerWords words={triggerWords} model={model} weight={model.preferred_weight} />
      <OwnTags model={model} />
      <ModelCollections model={model} />
      <Notes model={model} />
      {published && <Description ofVersion={published.version_description_html} ofModel={published.description_html} />}
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
      <Hashes hashes={model.hashes} />
      <HeaderMetadata metadata={model.header_metadata} />
      {published && <PublishedImages model={model} images={published.images} />}
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
          #{tag}
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
