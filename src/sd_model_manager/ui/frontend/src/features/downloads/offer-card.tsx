import { Trans, useLingui } from "@lingui/react/macro";
import { CircleAlert, Download, FolderDown, RotateCw, TriangleAlert, X } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Link } from "react-router";
import { useInspection } from "@/api/downloads";
import type { Offer } from "@/api/types";
import { Button, IconButton } from "@/components/button";
import { Sentence } from "@/components/sentence";
import { Skeleton } from "@/components/skeleton";
import { Companions } from "@/features/downloads/companions";
import { FileChoice } from "@/features/downloads/file-choice";
import { OfferBadges, OfferNotes } from "@/features/downloads/offer-facts";
import { useDownloadStart } from "@/features/downloads/start";
import { useFormat } from "@/lib/format";

/** What one link is: its model, its files to choose from, where it would go, and what to know before. */
export function OfferCard({ link, onDone }: { link: string; onDone: () => void }) {
  const { t } = useLingui();
  const [fileId, setFileId] = useState<string | null>(null);
  const inspection = useInspection(link, fileId);
  return (
    <article className="relative animate-[rise-in_.2s_ease-out] rounded-2xl border bg-surface p-4 shadow-xs sm:p-5">
      <IconButton size="smallIcon" label={t`Dismiss`} onClick={onDone} className="absolute top-3 right-3">
        <X aria-hidden />
      </IconButton>
      {inspection.isPending && <OfferSkeleton link={link} />}
      {inspection.isError && <Refusal link={link} error={inspection.error} onRetry={() => void inspection.refetch()} />}
      {inspection.data && (
        <OfferBody link={link} offer={inspection.data} fileId={fileId} onChoose={setFileId} onDone={onDone} />
      )}
    </article>
  );
}

interface OfferBodyProps {
  link: string;
  offer: Offer;
  /** The file that the user chose; none is the one that is proposed. */
  fileId: string | null;
  onChoose: (fileId: string) => void;
  onDone: () => void;
}

function OfferBody({ link, offer, fileId, onChoose, onDone }: OfferBodyProps) {
  const start = useDownloadStart();
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set());
  const [isStarting, setIsStarting] = useState(false);
  const chosenId = fileId ?? offer.files.find((offered) => offered.is_chosen)?.file_id;
  const chosen = offer.files.find((offered) => offered.file_id === chosenId);
  const companions = offer.files.filter((offered) => offered.is_companion && offered.file_id !== chosenId);
  const fetched = companions.filter((companion) => wanted.has(companion.file_id));
  const size = chosen ? chosen.size_bytes : offer.size_bytes;
  const more = fetched.reduce((sum, companion) => sum + (companion.size_bytes ?? 0), 0);

  const download = async () => {
    setIsStarting(true);
    const several = chosenId && fetched.length > 0 && [chosenId, ...fetched.map((companion) => companion.file_id)];
    if (await start(several ? { url: link, file_ids: several } : { url: link, file_id: fileId })) onDone();
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
      <FileChoice files={offer.files} chosen={chosenId} onChoose={onChoose} />
      <Companions files={companions} wanted={wanted} onChange={setWanted} />
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
        <Destination offer={offer} more={more} />
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

/** Where it goes, and whether there is room for it and for all that is queued. */
function Destination({ offer, more }: { offer: Offer; more: number }) {
  const format = useFormat();
  const needed = offer.needed_bytes + more;
  return (
    <div className="min-w-0 flex-1 basis-72 text-xs text-ink-faint">
      <p className="flex items-start gap-1.5 [overflow-wrap:anywhere]">
        <FolderDown className="mt-px size-3.5 shrink-0" aria-hidden />
        {offer.path}
      </p>
      {needed > offer.free_bytes ? (
        <p className="mt-1 font-medium text-danger">
          <Trans>
            {format.bytes(offer.free_bytes)} free, {format.bytes(needed)} needed with all that is queued
          </Trans>
        </p>
      ) : (
        <p className="mt-1">
          <Trans>{format.bytes(offer.free_bytes)} free</Trans>
        </p>
      )}
    </div>
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
