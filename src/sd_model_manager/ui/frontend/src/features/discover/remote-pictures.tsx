import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";
import type { RemoteImage } from "@/api/types";
import { Button } from "@/components/button";
import { PictureOpener } from "@/components/picture-viewer/picture-opener";
import { usePictureViewer } from "@/components/picture-viewer/use-picture-viewer";
import { Section } from "@/components/section";
import { RemotePicture } from "@/features/discover/remote-picture";

const SHOWN_FIRST = 6;

/** The pictures and films the publisher shows; small ones first, the originals at their source when asked for. */
export function RemotePictures({ name, images }: { name: string; images: RemoteImage[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const { open, viewer } = usePictureViewer(
    name,
    images.map((image) => ({ ...image, made: image })),
  );
  if (images.length === 0) return null;
  const shown = isWhole ? images : images.slice(0, SHOWN_FIRST);
  const hidden = images.length - shown.length;
  return (
    <Section title={<Trans>Pictures</Trans>}>
      <ul className="grid grid-cols-2 gap-2 2xl:grid-cols-3">
        {shown.map((image, index) => (
          <li key={image.url} className="relative aspect-3/4 overflow-hidden rounded-lg bg-raised">
            <PictureOpener media={image.media} number={index + 1} onOpen={() => open(index)}>
              <RemotePicture picture={image} name={name} type="unknown" />
            </PictureOpener>
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <Button look="quiet" size="small" className="-ml-3 text-accent-ink" onClick={() => setIsWhole(true)}>
          <Plural value={hidden} one="# more picture" other="# more pictures" />
        </Button>
      )}
      {viewer}
    </Section>
  );
}
