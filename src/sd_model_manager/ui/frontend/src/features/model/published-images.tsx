import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { EyeOff } from "lucide-react";
import { useState } from "react";
import type { ModelDetail } from "@/api/types";
import { Button } from "@/components/button";
import { Section } from "@/components/section";
import { cn } from "@/lib/cn";

type PublishedImage = NonNullable<ModelDetail["published_detail"]>["images"][number];

/** Civitai's levels 1 (PG) and 2 (PG-13); what lies above is blurred until asked for. */
const SHOWN_OPENLY = 2;

/** The pictures the publisher shows; fetched from there only when asked, since nothing here contacts anyone unasked. */
export function PublishedImages({ images }: { images: PublishedImage[] }) {
  const [isAsked, setIsAsked] = useState(false);
  if (images.length === 0) return null;
  return (
    <Section title={<Trans>Published pictures</Trans>}>
      {isAsked ? (
        <div className="grid grid-cols-2 gap-2">
          {images.map((image) => (
            <PublishedPicture key={image.url} image={image} />
          ))}
        </div>
      ) : (
        <Button size="small" onClick={() => setIsAsked(true)}>
          <Plural value={images.length} one="Load # picture from the web" other="Load # pictures from the web" />
        </Button>
      )}
    </Section>
  );
}

function PublishedPicture({ image }: { image: PublishedImage }) {
  const { t } = useLingui();
  const [isRevealed, setIsRevealed] = useState(image.nsfw_level <= SHOWN_OPENLY);
  const look = cn("size-full object-cover", !isRevealed && "scale-110 blur-2xl");
  return (
    <div className="relative aspect-[3/4] overflow-hidden rounded-lg bg-raised">
      {image.media === "video" ? (
        <video src={image.url ?? undefined} muted loop playsInline controls={isRevealed} className={look} />
      ) : (
        <img
          src={image.url ?? undefined}
          alt={image.prompt ?? ""}
          loading="lazy"
          referrerPolicy="no-referrer"
          className={look}
        />
      )}
      {!isRevealed && (
        <button
          type="button"
          onClick={() => setIsRevealed(true)}
          aria-label={t`Show this mature picture`}
          className="absolute inset-0 grid place-items-center text-ink"
        >
          <EyeOff className="size-6" aria-hidden />
        </button>
      )}
    </div>
  );
}
