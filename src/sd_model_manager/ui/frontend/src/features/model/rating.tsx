import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Ban, Star, X } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useChangeModel } from "@/api/model-changes";
import type { ModelDetail } from "@/api/types";
import { IconButton } from "@/components/button";
import { cn } from "@/lib/cn";

const CHOICES = [0, 1, 2, 3, 4, 5];

/** None to five stars, or no rating at all. The keys 0 to 5 choose as the arrows do; Delete takes the rating away. */
export function Rating({ model }: { model: ModelDetail }) {
  const { t } = useLingui();
  const name = useId();
  const group = useRef<HTMLFieldSetElement>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const change = useChangeModel(model.id);
  const { rating } = model.user;
  const rate = (chosen: number | null) => chosen !== rating && change.mutate({ rating: chosen });
  const clear = () => {
    group.current?.querySelector("input")?.focus(); // the button that had the focus is about to go
    rate(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Delete" || event.key === "Backspace") clear();
    else if (/^[0-5]$/.test(event.key)) rate(Number(event.key));
    else return;
    event.preventDefault();
  };
  return (
    <fieldset
      ref={group}
      className="-ml-1 flex h-8 items-center"
      onKeyDown={onKeyDown}
      onPointerLeave={() => setHovered(null)}
    >
      <legend className="sr-only">
        <Trans>Rating</Trans>
      </legend>
      {CHOICES.map((choice) => (
        <label
          key={choice}
          title={t`Keys 0 to 5 rate, Delete takes the rating away`}
          onPointerEnter={() => setHovered(choice)}
          className="relative grid size-8 cursor-pointer place-items-center rounded-lg has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent-ink"
        >
          <input
            type="radio"
            name={name}
            checked={choice === rating}
            onChange={() => rate(choice)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          <span className="sr-only">
            <Plural value={choice} one="# star" other="# stars" />
          </span>
          <RatingIcon choice={choice} shown={hovered ?? rating} />
        </label>
      ))}
      {rating !== null && (
        <IconButton size="smallIcon" label={t`Take the rating away`} onClick={clear}>
          <X aria-hidden />
        </IconButton>
      )}
    </fieldset>
  );
}

function RatingIcon({ choice, shown }: { choice: number; shown: number | null }) {
  if (choice === 0) {
    return <Ban aria-hidden className={cn("size-4", shown === 0 ? "text-ink" : "text-ink-faint opacity-60")} />;
  }
  const isLit = shown !== null && choice <= shown;
  return (
    <Star
      aria-hidden
      className={cn("size-5 transition-colors", isLit ? "fill-amber-400 text-amber-500" : "text-ink-faint")}
    />
  );
}
