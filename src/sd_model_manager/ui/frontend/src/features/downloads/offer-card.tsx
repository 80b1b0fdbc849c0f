import { Trans, useLingui } from "@lingui/react/macro";
import { Check, CircleAlert, Download, FolderDown, RotateCw, TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { useInspection } from "@/api/downloads";
import type { Offer } from "@/api/types";
import { Badge } from "@/components/badge";
import { Button, IconButton } from "@/components/button";
import { typeLook } from "@/components/model-type";
import { Skeleton } from "@/components/skeleton";
import { FileChoice } from "@/features/downloads/file-choice";
import { useDownloadStart } from "@/features/downloads/start";
import { useFormat } from "@/lib/format";

/** What one link is: its model, its files to choose from, where it would go, and what to know before. */
export function OfferCard({ link, onDone }: { link: string; onDone: () => void }) {
  const { t } = useLingui();
  const inspection = useInspection(link);
  return (
    <article className="relative animate-[rise-in_.2s_ease-out] rounded-2xl border bg-surface p-4 shadow-xs sm:p-5">
      <IconButton size="smallIcon" label={t`Dismiss`} onClick={onDone} className="absolute top-3 right-3">
        <X aria-hidden />
      </IconButton>
      {inspection.isPending && <OfferSkeleton link={link} />}
      {inspection.isError && (
        <Refusal link={link} message={inspection.error.message} onRetry={() => void inspection.refetch()} />
      )}
      {inspection.data && <OfferBody link={link} offer={inspection.data} onDone={onDone} />}
    </article>
  );
}

function OfferBody({ link, offer, onDone }: { link: string; offer: Offer; onDone: () => void }) {
  const { t } = useLingui();
  const format = useFormat();
  const start = useDownloadStart();
  const first = offer.files.find((file) => file.is_chosen) ?? offer.files[0];
  const [fileId, setFileId] = useState(first?.file_id);
  const [isStarting, setIsStarting] = useState(false);
  const file = offer.files.find((offered) => offered.file_id === fileId);
  const size = file?.size_bytes ?? offer.size_bytes;
  const isTooLarge = size !== null && size > offer.free_bytes;
  const { icon: Icon, label } = typeLook(offer.type);

  const download = async () => {
    setIsStarting(true);
    const isDefault = fileId === undefined || fileId === first?.file_id;
    if (await start({ url: link, file_id: isDefault ? null : fileId })) onDone();
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
      <div className="mt-2.5 flex flex-wrap gap-1.5">
        <Badge tone="accent">
          <Icon aria-hidden />
          {t(label)}
        </Badge>
        {offer.base_model && <Badge>{offer.base_model}</Badge>}
        {offer.on_disk && (
          <Badge tone="good">
            <Check aria-hidden />
            <Trans>Already in your library</Trans>
          </Badge>
        )}
      </div>
      <FileChoice files={offer.files} chosen={fileId} onChoose={setFileId} />
      {offer.warnings.map((caution) => (
        <p key={caution.code} className="mt-2 flex gap-2 rounded-lg bg-warn-soft px-3 py-2 text-[13px] text-warn">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          {caution.message}
        </p>
      ))}
      <div className="mt-4 flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0 flex-1 basis-72 text-xs text-ink-faint">
          <p className="flex items-start gap-1.5 [overflow-wrap:anywhere]">
            <FolderDown className="mt-px size-3.5 shrink-0" aria-hidden />
            {offer.path}
          </p>
          <p className={isTooLarge ? "mt-1 font-medium text-danger" : "mt-1"}>
            <Trans>{format.bytes(offer.free_bytes)} free</Trans>
          </p>
        </div>
        {offer.on_disk && (
          <Link
            to={`/models/${offer.on_disk.id}`}
            className="rounded text-sm font-medium text-accent-ink hover:underline"
          >
            <Trans>Show it</Trans>
          </Link>
        )}
        <Button look={offer.on_disk ? "plain" : "primary"} disabled={isStarting} onClick={download}>
          <Download aria-hidden />
          {size === null ? <Trans>Download</Trans> : <Trans>Download {format.bytes(size)}</Trans>}
        </Button>
      </div>
    </>
  );
}

function Refusal({ link, message, onRetry }: { link: string; message: string; onRetry: () => void }) {
  return (
    <div role="alert" className="flex gap-3 pr-10">
      <CircleAlert className="mt-0.5 size-5 shrink-0 text-danger" aria-hidden />
      <div className="min-w-0">
        <p className="text-sm leading-relaxed">{message}</p>
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
