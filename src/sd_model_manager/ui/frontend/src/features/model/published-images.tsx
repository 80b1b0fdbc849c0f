import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useRevealedModel } from "@/api/mature";
import type { ModelDetail } from "@/api/types";
import { Button } from "@/components/button";
import { CopyIconButton } from "@/components/copy-button";
import { PictureOpener } from "@/components/picture-viewer/picture-opener";
import { usePictureViewer } from "@/components/picture-viewer/use-picture-viewer";
import RevealButton from "@/components/reveal-button";
import { Section } from "@/components/section";
import { showLevel } from "@/lib/mature-level";

type PublishedImage = NonNullable<ModelDetail["published_detail"]>["images"][number];

/** The pictures the publisher shows; fetched from there only when asked, since nothing here contacts anyone unasked. */
export function PublishedImages({ model, images }: { model: ModelDetail; images: PublishedImage[] }) {
  const [isAsked, setIsAsked] = useState(false);
  const revealed = useRevealedModel(model.id).data?.published_detail?.images;
  const shown = revealed ?? images;
  const viewed = shown.flatMap((image) => (image.url === null ? [] : [{ ...image, url: image.url, made: image }]));
  const { open, viewer } = usePictureViewer(model.name, viewed);
  if (images.length === 0) return null;
  return (
    <Section title={<Trans>Published pictures</Trans>}>
      {isAsked ? (
        <ul className="grid grid-cols-2 gap-2">
          {shown.map((image, index) => (
            // by its place: what is withheld has no address, and the order stays
            <li key={index} className="min-w-0">
              <div className="grid aspect-[3/4] place-items-center overflow-hidden rounded-lg bg-raised">
                <PublishedPicture
                  model={model}
                  image={image}
                  number={index + 1}
                  onOpen={() => open(viewed.findIndex(({ made }) => made === image))}
                />
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
      {viewer}
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

interface PublishedPictureProps {
  model: ModelDetail;
  image: PublishedImage;
  number: number;
  onOpen: () => void;
}

function PublishedPicture({ model, image, number, onOpen }: PublishedPictureProps) {
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
  return (
    <PictureOpener media={image.media} number={number} onOpen={onOpen}>
      {image.media === "video" ? (
        <video src={image.url} muted playsInline preload="metadata" className={look} />
      ) : (
        <img src={image.url} alt="" loading="lazy" referrerPolicy="no-referrer" className={look} />
      )}
    </PictureOpener>
  );
}
