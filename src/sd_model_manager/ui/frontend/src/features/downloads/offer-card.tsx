import { Trans, useLingui } from "@lingui/react/macro";
import { CircleAlert, Download, RotateCw, TriangleAlert, X } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Link } from "react-router";
import { useInspection } from "@/api/inspection";
import type { Offer } from "@/api/types";
import { Button, IconButton } from "@/components/button";
import { Sentence } from "@/components/sentence";
import { Skeleton } from "@/components/skeleton";
import { type Choice, filesOf, wishesOf } from "@/features/downloads/choice";
import { Companions } from "@/features/downloads/companions";
import { Destination } from "@/features/downloads/destination";
import { FileChoice } from "@/features/downloads/file-choice";
import { OfferBadges, OfferNotes } from "@/features/downloads/offer-facts";
import { useDownloadStart } from "@/features/downloads/start";
import { useFormat } from "@/lib/format";

interface OfferCardProps {
  link: string;
  choice: Choice;
  onChoose: (choice: Choice) => void;
  onDone: () => void;
}

/** What one link is: its model, its files to choose from, where it would go, and what to know before. */
export function OfferCard({ link, choice, onChoose, onDone }: OfferCardProps) {
  const { t } = useLingui();
  const inspection = useInspection({ url: link, file_id: choice.fileId });
  return (
    <article className="relative animate-[rise-in_.2s_ease-out] rounded-2xl border bg-surface p-4 shadow-xs sm:p-5">
      <IconButton size="smallIcon" label={t`Dismiss`} onClick={onDone} className="absolute top-3 right-3">
        <X aria-hidden />
      </IconButton>
      {inspection.isPending && <OfferSkeleton link={link} />}
      {inspection.isError && <Refusal link={link} error={inspection.error} onRetry={() => void inspection.refetch()} />}
      {inspection.data && (
        <OfferBody link={link} offer={inspection.data} choice={choice} onChoose={onChoose} onDone={onDone} />
      )}
    </article>
  );
}

function OfferBody({ link, offer, choice, onChoose, onDone }: OfferCardProps & { offer: Offer }) {
  const start = useDownloadStart();
  const [isStarting, setIsStarting] = useState(false);
  const { chosen, companions, fetched } = filesOf(offer, choice);
  const size = chosen ? chosen.size_bytes : offer.size_bytes;
  const more = fetched.reduce((sum, companion) => sum + (companion.size_bytes ?? 0), 0);

  const download = async () => {
    setIsStarting(true);
    if (await start(...wishesOf(link, offer, choice))) onDone();
    setIsStarting(false);
  };
  return (
    <>
      <h3 className="pr-10 text-base leading-snug font-semibold break-words">{offer.published.model_name}</h3>
      <p className="mt-0.5 pr-10 text-[13px] text-ink-soft">
        {offer.published.version_name}
        {offer.published.creator && (
          <>
            {" · "}
            <Trans>by {offer.published.creator}</Trans>
          </>
        )}
      </p>
      <OfferBadges offer={offer} />
      <FileChoice
        files={offer.files}
        chosen={chosen?.file_id}
        onChoose={(fileId) => onChoose({ ...choice, fileId, filename: null })}
      />
      <Companions files={companions} wanted={choice.wanted} onChange={(wanted) => onChoose({ ...choice, wanted })} />
      <OfferNotes offer={offer} />
      {offer.warnings.map((caution) => (
        <p key={caution.code} className="mt-2 flex gap-2 rounded-lg bg-warn-soft px-3 py-2 text-[13px] text-warn">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span>
            <Sentence said={caution} kind="caution" />
          </span>
        </p>
      ))}
      <div className="mt-4 flex flex-wrap items-end justify-between gap-3">
        <Destination
          link={link}
          offer={offer}
          choice={choice}
          onChange={(place) => onChoose({ ...choice, ...place })}
          more={more}
        />
        {offer.on_disk && (
          <Link
            to={`/models/${offer.on_disk.id}`}
            className="rounded text-sm font-medium text-accent-ink hover:underline"
          >
            <Trans>Show it</Trans>
          </Link>
        )}
        <DownloadButton
          look={offer.on_disk ? "plain" : "primary"}
          size={size === null ? null : size + more}
          disabled={isStarting}
          onClick={download}
        />
      </div>
    </>
  );
}

function DownloadButton({ size, ...rest }: Omit<ComponentProps<typeof Button>, "size"> & { size: number | null }) {
  const format = useFormat();
  return (
    <Button {...rest}>
      <Download aria-hidden />
      {size === null ? <Trans>Download</Trans> : <Trans>Download {format.bytes(size)}</Trans>}
    </Button>
  );
}

function Refusal({ link, error, onRetry }: { link: string; error: Error; onRetry: () => void }) {
  return (
    <div role="alert" className="flex gap-3 pr-10">
      <CircleAlert className="mt-0.5 size-5 shrink-0 text-danger" aria-hidden />
      <div className="min-w-0">
        <p className="text-sm leading-relaxed">
          <Sentence said={error} />
        </p>
        <p className="mt-1 truncate font-mono text-xs text-ink-faint">{link}</p>
        <Button size="small" className="mt-3" onClick={onRetry}>
          <RotateCw aria-hidden />
          <Trans>Try again</Trans>
        </Button>
      </div>
    </div>
  );
}

function OfferSkeleton({ link }: { link: string }) {
  return (
    <div role="status">
      <p className="truncate pr-10 font-mono text-xs text-ink-faint">{link}</p>
      <span className="sr-only">
        <Trans>Looking it up</Trans>
      </span>
      <Skeleton className="mt-3 h-6 w-1/2" />
      <Skeleton className="mt-3 h-12" />
    </div>
  );
}
