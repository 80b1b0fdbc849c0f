import { Trans, useLingui } from "@lingui/react/macro";
import { Star } from "lucide-react";
import { memo, Suspense } from "react";
import { Link } from "react-router";
import type { Model } from "@/api/types";
import { Mark, TypeMark } from "@/components/mark";
import { ModelPreview } from "@/components/model-preview";
import { CARD_SIZES, type Density } from "@/features/library/density";
import { SelectBox } from "@/features/library/select-box";
import { StateMarks } from "@/features/library/state-marks";
import { VersionName } from "@/features/library/version-name";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { lazyPart } from "@/lib/lazy-part";
import { useShownPreview } from "@/lib/revealed";

const Veil = lazyPart(() => import("@/features/library/veil"));

interface ModelCardProps {
  model: Model;
  search: string;
  isOpen: boolean;
  isSelected: boolean;
  density: Density;
  /** How wide the picture is drawn, as the `sizes` of an `img`. */
  pictureSizes: string;
}

/** A link to the model, with its picture, its name and what to know at a glance. */
export const ModelCard = memo(function ModelCard(props: ModelCardProps) {
  return (
    <div className="group/card relative h-full">
      <Card {...props} />
      {props.model.is_blurred && (
        <Suspense>
          <Veil model={props.model} foot={CARD_SIZES[props.density].captionHeight} />
        </Suspense>
      )}
      <SelectBox
        name={props.model.name}
        isSelected={props.isSelected}
        isOnPicture
        className="absolute right-2"
        style={{ bottom: CARD_SIZES[props.density].captionHeight + 8 }}
      />
    </div>
  );
});

function Card({ model, search, isOpen, isSelected, density, pictureSizes }: ModelCardProps) {
  const format = useFormat();
  const isAway = model.state !== "present";
  const previewUrl = useShownPreview(model);
  return (
    <Link
      to={{ pathname: `/models/${model.id}`, search }}
      preventScrollReset
      aria-current={isOpen || undefined}
      draggable={false}
      className={cn(
        "group flex h-full flex-col overflow-hidden rounded-xl border bg-surface transition-[border-color,box-shadow] duration-150",
        "hover:border-line-strong hover:shadow-float",
        isSelected && "border-accent bg-accent-soft hover:border-accent",
        isOpen && "border-accent-ink ring-2 ring-accent-ink hover:border-accent-ink",
      )}
    >
      <div className="relative min-h-0 flex-1 overflow-hidden">
        <ModelPreview
          name={model.name}
          type={model.type}
          key={previewUrl}
          previewUrl={previewUrl}
          media={model.preview_media}
          sizes={pictureSizes}
          className={cn("transition-transform duration-300 group-hover:scale-[1.03]", isAway && "opacity-45 grayscale")}
        />
        <div className="pointer-events-none absolute inset-x-2 top-2 flex items-start justify-between gap-1">
          <TypeMark type={model.type} isSmall={density === "small"} />
          <StateMarks model={model} />
        </div>
        {model.rating !== null && (
          <div className="pointer-events-none absolute bottom-2 left-2 flex">
            <RatingMark rating={model.rating} isSmall={density === "small"} />
          </div>
        )}
      </div>
      <div className="shrink-0 px-2.5 py-2" style={{ height: CARD_SIZES[density].captionHeight }}>
        <p
          dir="auto"
          title={model.name}
          className={cn("flex gap-1.5", density === "large" ? "text-[15px]" : "text-[13px] leading-5")}
        >
          <span className="truncate font-medium">{model.name}</span>
          <VersionName of={model} />
        </p>
        <div className="mt-1 flex h-5.5 items-center justify-between gap-2 text-xs text-ink-faint">
          <span className={cn("min-w-0 truncate", model.base_model && density !== "small" && baseModelClass)}>
            {model.base_model ?? <Trans>Unknown base</Trans>}
          </span>
          {density !== "small" && <span className="shrink-0 tabular-nums">{format.bytes(model.size_bytes)}</span>}
        </div>
      </div>
    </Link>
  );
}

const baseModelClass = "rounded-md bg-raised px-1.5 py-0.5 font-medium text-ink-soft";

const STARS = [1, 2, 3, 4, 5];

function RatingMark({ rating, isSmall }: { rating: number; isSmall: boolean }) {
  const { t } = useLingui();
  const isCounted = isSmall || rating === 0;
  return (
    <Mark label={t`Rated ${rating} of 5`} className="h-5 gap-0.5 px-1">
      {(isCounted ? [1] : STARS.slice(0, rating)).map((star) => (
        <Star key={star} aria-hidden className={cn("size-3 text-amber-300", rating > 0 && "fill-amber-300")} />
      ))}
      {isCounted && rating}
    </Mark>
  );
}
