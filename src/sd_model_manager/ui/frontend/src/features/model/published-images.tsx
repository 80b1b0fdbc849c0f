import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useRevealedModel } from "@/api/mature";
import type { ModelDetail } from "@/api/types";
import { Button } from "@/components/button";
import { CopyIconButton } from "@/components/copy-button";
import RevealButton from "@/components/reveal-button";
import { Section } from "@/components/section";
import { showLevel } from "@/lib/mature-level";

type PublishedImage = NonNullable<ModelDetail["published_detail"]>["images"][number];

/** The pictures the publisher shows; fetched from there only when asked, since nothing here contacts anyone unasked. */
export function PublishedImages({ model, images }: { model: ModelDetail; images: PublishedImage[] }) {
  const [isAsked, setIsAsked] = useState(false);
  const revealed = useRevealedModel(model.id).data?.published_detail?.images;
  if (images.length === 0) return null;
  return (
    <Section title={<Trans>Published pictures</Trans>}>
      {isAsked ? (
        <ul className="grid grid-cols-2 gap-2">
          {(revealed ?? images).map((image, index) => (
            // by its place: what is withheld has no address, and the order stays
            <li key={index} className="min-w-0">
              <div className="grid aspect-[3/4] place-items-center overflow-hidden rounded-lg bg-raised">
                <PublishedPicture model={model} image={image} />
              </div>
              {image.prompt && <Prompt text={image.prompt} />}
            </li>
          ))}
        </ul>
      ) : (
        <Button size="small" onClick={() => setIsAsked(true)}>
          <Plural value={images.length} one="Load # picture from the web" other="Load # pictures from the web" />
        </Button>
      )}
    </Section>
  );
}

function Prompt({ text }: { text: string }) {
  const { t } = useLingui();
  return (
    <div className="mt-1 flex items-start gap-1 text-xs leading-relaxed text-ink-soft">
      <p className="line-clamp-3 min-w-0 flex-1 [overflow-wrap:anywhere]" title={text}>
        {text}
      </p>
      <CopyIconButton text={text} label={t`Copy the prompt`} />
    </div>
  );
}

function PublishedPicture({ model, image }: { model: ModelDetail; image: PublishedImage }) {
  const { t } = useLingui();
  if (image.url === null) {
    return (
      <div className="flex flex-col items-center gap-2 text-xs text-ink-soft">
        <RevealButton model={model} />
        {image.mature_level && t`Rated ${showLevel(image.mature_level)}`}
      </div>
    );
  }
  const look = "size-full object-cover";
  if (image.media === "video") return <video src={image.url} muted loop playsInline controls className={look} />;
  return <img src={image.url} alt={image.prompt ?? ""} loading="lazy" referrerPolicy="no-referrer" className={look} />;
}
