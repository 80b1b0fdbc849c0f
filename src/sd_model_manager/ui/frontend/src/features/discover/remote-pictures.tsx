import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Play } from "lucide-react";
import { useState } from "react";
import type { RemoteImage } from "@/api/types";
import { Button } from "@/components/button";
import { Section } from "@/components/section";
import { RemotePicture } from "@/features/discover/remote-picture";

const SHOWN_FIRST = 6;

/** The pictures and films the publisher shows; small ones first, the originals at their source when asked for. */
export function RemotePictures({ name, images }: { name: string; images: RemoteImage[] }) {
  const [isWhole, setIsWhole] = useState(false);
  if (images.length === 0) return null;
  const shown = isWhole ? images : images.slice(0, SHOWN_FIRST);
  const hidden = images.length - shown.length;
  return (
    <Section title={<Trans>Pictures</Trans>}>
      <ul className="grid grid-cols-2 gap-2 2xl:grid-cols-3">
        {shown.map((image, index) => (
          <li key={image.url} className="relative aspect-3/4 overflow-hidden rounded-lg bg-raised">
            {image.media === "video" ? (
              <Film image={image} name={name} />
            ) : (
              <Picture image={image} name={name} number={index + 1} />
            )}
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <Button look="quiet" size="small" className="-ml-3 text-accent-ink" onClick={() => setIsWhole(true)}>
          <Plural value={hidden} one="# more picture" other="# more pictures" />
        </Button>
      )}
    </Section>
  );
}

function Picture({ image, name, number }: { image: RemoteImage; name: string; number: number }) {
  const { t } = useLingui();
  return (
    <a
      href={image.url}
      target="_blank"
      rel="noreferrer"
      aria-label={t`Open picture ${number} of ${name} in a new tab`}
      className="block size-full cursor-zoom-in -outline-offset-2"
    >
      <RemotePicture picture={image} name={name} type="unknown" alt={image.prompt ?? ""} />
    </a>
  );
}

/** A still, until it is played. */
function Film({ image, name }: { image: RemoteImage; name: string }) {
  const { t } = useLingui();
  const [isPlaying, setIsPlaying] = useState(false);
  if (isPlaying) {
    return <video src={image.url} muted loop playsInline autoPlay controls className="size-full object-cover" />;
  }
  return (
    <button type="button" aria-label={t`Play the film`} onClick={() => setIsPlaying(true)} className="size-full">
      <RemotePicture picture={image} name={name} type="unknown" />
      <span className="absolute inset-0 grid place-items-center">
        <span className="grid size-11 place-items-center rounded-full bg-black/65 text-white">
          <Play className="size-5" aria-hidden />
        </span>
      </span>
    </button>
  );
}
