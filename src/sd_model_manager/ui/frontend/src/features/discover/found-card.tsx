import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { ArrowDownToLine, Check, Clock, Download, LoaderCircle, Lock, ThumbsUp } from "lucide-react";
import { memo, useState } from "react";
import { Link, useSearchParams } from "react-router";
import type { Found } from "@/api/types";
import { Badge } from "@/components/badge";
import { IconButton } from "@/components/button";
import { Mark, TypeMark } from "@/components/mark";
import { RemotePicture } from "@/features/discover/remote-picture";
import { withModel } from "@/features/discover/search";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";

export interface FoundCardProps {
  found: Found;
  isOpen: boolean;
  /** The model of the library that it has become since it was found. */
  landedId: number | undefined;
  isUnderWay: boolean;
  onDownload: (link: string) => Promise<boolean>;
}

/** A published model: a link that opens it, what of it is here, and a button that downloads it. */
export const FoundCard = memo(function FoundCard({ found, isOpen, ...rest }: FoundCardProps) {
  const [params] = useSearchParams();
  return (
    <article
      aria-label={found.name}
      className={cn(
        "group relative flex h-full flex-col overflow-hidden rounded-xl border bg-surface transition-[border-color,box-shadow] duration-150",
        "hover:border-line-strong hover:shadow-float has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-offset-2 has-[a:focus-visible]:outline-accent-ink",
        isOpen && "border-accent-ink ring-2 ring-accent-ink hover:border-accent-ink",
      )}
    >
      <div className="relative aspect-3/4 overflow-hidden">
        <RemotePicture
          picture={found.picture}
          name={found.name}
          type={found.type}
          className="transition-transform duration-300 group-hover:scale-[1.03]"
        />
        <div className="pointer-events-none absolute inset-x-2 top-2 flex items-start justify-between gap-1">
          {found.type === "unknown" ? <span /> : <TypeMark type={found.type} isSmall={false} />}
          <ConditionMarks found={found} />
        </div>
      </div>
      <div className="flex flex-1 flex-col gap-1 px-2.5 py-2">
        <h2 className="line-clamp-2 text-[13px] leading-5 font-medium [overflow-wrap:anywhere]" title={found.name}>
          <Link
            to={{ search: withModel(params, found.model_id).toString() }}
            preventScrollReset
            aria-current={isOpen || undefined}
            className="outline-none after:absolute after:inset-0 after:content-['']"
          >
            {found.name}
          </Link>
        </h2>
        {found.creator && (
          <p className="truncate text-xs text-ink-faint">
            <Trans>by {found.creator}</Trans>
          </p>
        )}
        <Foot found={found} {...rest} />
      </div>
    </article>
  );
});

type FootProps = Omit<FoundCardProps, "isOpen">;

function Foot({ found, landedId, isUnderWay, onDownload }: FootProps) {
  const [first] = found.base_models;
  const further = found.base_models.length - 1;
  const isHere = isUnderWay || landedId !== undefined || found.here.length > 0;
  return (
    <div className="mt-auto space-y-1 pt-1">
      {first && (
        <p className="flex text-xs" title={found.base_models.join(", ")}>
          <span className="min-w-0 truncate rounded-md bg-raised px-1.5 py-0.5 font-medium text-ink-soft">
            {first}
            {further > 0 && ` +${further}`}
          </span>
        </p>
      )}
      <div className="flex min-h-8 items-center justify-between gap-1">
        {isHere ? <HereMark found={found} landedId={landedId} isUnderWay={isUnderWay} /> : <Figures found={found} />}
        <DownloadButton found={found} landedId={landedId} isUnderWay={isUnderWay} onDownload={onDownload} />
      </div>
    </div>
  );
}

function Figures({ found: { downloads, likes } }: { found: Found }) {
  const format = useFormat();
  return (
    <p className="flex min-w-0 gap-2.5 text-xs text-ink-faint tabular-nums">
      {downloads !== null && (
        <Figure icon={ArrowDownToLine} text={format.compact(downloads)}>
          <Plural value={downloads} one="# download" other="# downloads" />
        </Figure>
      )}
      {likes !== null && (
        <Figure icon={ThumbsUp} text={format.compact(likes)}>
          <Plural value={likes} one="# like" other="# likes" />
        </Figure>
      )}
    </p>
  );
}

interface FigureProps {
  icon: typeof Download;
  text: string;
  children: React.ReactNode;
}

function Figure({ icon: Icon, text, children }: FigureProps) {
  return (
    <span className="inline-flex items-center gap-1">
      <Icon className="size-3" aria-hidden />
      <span aria-hidden>{text}</span>
      <span className="sr-only">{children}</span>
    </span>
  );
}

/** What may keep one from downloading it just so. */
function ConditionMarks({ found }: { found: Found }) {
  const { t } = useLingui();
  const codes = found.warnings.map((warning) => warning.code);
  if (codes.includes("PAID") || codes.includes("GATED")) {
    return (
      <Mark label={codes.includes("PAID") ? t`Has to be bought` : t`Its terms have to be accepted`}>
        <Lock aria-hidden className="size-3.5" />
      </Mark>
    );
  }
  if (codes.includes("EARLY_ACCESS")) {
    return (
      <Mark label={t`Early access`}>
        <Clock aria-hidden className="size-3.5" />
      </Mark>
    );
  }
  return null;
}

function HereMark({ found, landedId, isUnderWay }: Pick<FootProps, "found" | "landedId" | "isUnderWay">) {
  if (isUnderWay) {
    return (
      <Badge tone="accent">
        <LoaderCircle className="animate-spin motion-reduce:animate-none" aria-hidden />
        <Trans>In the queue</Trans>
      </Badge>
    );
  }
  const same = landedId ?? findSame(found);
  const id = same ?? found.here[0]?.id;
  return (
    <Link to={`/models/${id}`} className="relative z-10 min-w-0 rounded-md">
      <Badge tone={same === undefined ? "plain" : "good"} className="hover:underline">
        <Check aria-hidden />
        {same === undefined ? <Trans>Another version</Trans> : <Trans>In your library</Trans>}
      </Badge>
    </Link>
  );
}

/** The model of the library that is the very version that would be downloaded. */
function findSame({ here, version_id }: Found): number | undefined {
  return here.find((model) => model.version_id === version_id)?.id;
}

function DownloadButton({ found, landedId, isUnderWay, onDownload }: FootProps) {
  const { t } = useLingui();
  const [isStarting, setIsStarting] = useState(false);
  if (isUnderWay || landedId !== undefined || findSame(found) !== undefined) return null;
  const start = async () => {
    setIsStarting(true);
    await onDownload(found.link);
    setIsStarting(false);
  };
  return (
    <IconButton
      look="plain"
      size="smallIcon"
      disabled={isStarting}
      label={t`Download ${found.name}`}
      onClick={start}
      className="relative z-10 -mr-0.5"
    >
      {isStarting ? (
        <LoaderCircle className="animate-spin motion-reduce:animate-none" aria-hidden />
      ) : (
        <Download aria-hidden />
      )}
    </IconButton>
  );
}
