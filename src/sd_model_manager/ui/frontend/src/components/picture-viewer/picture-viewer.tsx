import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronLeft, ChevronRight, ExternalLink } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useEffect, useState } from "react";
import type { PreviewRef } from "@/api/picture-text";
import { buttonClass, IconButton } from "@/components/button";
import { Modal, ModalClose } from "@/components/modal";
import { PictureFacts, PreviewFacts } from "@/components/picture-viewer/how-made";
import type { HowMade } from "@/components/picture-viewer/infotext";
import { cn } from "@/lib/cn";

/** How it was made is either told with it, or asked of the file of a `preview`. */
export interface ViewedPicture {
  url: string;
  media: "image" | "video" | null;
  made?: HowMade;
  preview?: PreviewRef;
}

interface PictureViewerProps {
  /** Whose pictures they are. */
  name: string;
  pictures: ViewedPicture[];
  first: number;
  onClose: () => void;
}

/** A picture as large as there is room, the ones beside it, and how it was made. */
export default function PictureViewer({ name, pictures, first, onClose }: PictureViewerProps) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState(first);
  const count = pictures.length;
  const index = Math.min(chosen, count - 1);
  const number = index + 1;
  const picture = pictures[index];
  const move = (by: number) => setChosen((index + by + count) % count);
  useArrowKeys(move);
  useEffect(() => {
    if (!picture) onClose(); // mature content was locked meanwhile
  });
  if (!picture) return null;
  return (
    <Modal
      onClose={onClose}
      className={cn(
        "inset-0 flex flex-col overflow-y-auto overscroll-contain lg:inset-4 lg:grid lg:overflow-hidden lg:rounded-2xl",
        "lg:grid-cols-[minmax(0,1fr)_24rem] lg:grid-rows-[auto_minmax(0,1fr)]",
      )}
    >
      <div className="sticky top-0 z-10 flex items-center gap-1 border-b bg-surface py-1.5 pr-2 pl-5 lg:static lg:col-start-2">
        <div className="min-w-0 flex-1">
          <Dialog.Title dir="auto" className="truncate text-sm font-semibold">
            {name}
          </Dialog.Title>
          <p className="text-xs text-ink-soft" aria-live="polite">
            <Trans>
              Picture {number} of {count}
            </Trans>
          </p>
        </div>
        <OriginalLink url={picture.url} />
        <ModalClose />
      </div>
      <div className="relative h-[62dvh] shrink-0 bg-black lg:col-start-1 lg:row-span-2 lg:row-start-1 lg:h-auto lg:min-h-0">
        <Original key={picture.url} picture={picture} alt={t`Picture ${number} of ${name}`} />
        {count > 1 && (
          <>
            <Turn label={t`Previous picture`} className="left-2" onClick={() => move(-1)}>
              <ChevronLeft aria-hidden />
            </Turn>
            <Turn label={t`Next picture`} className="right-2" onClick={() => move(1)}>
              <ChevronRight aria-hidden />
            </Turn>
          </>
        )}
      </div>
      <div key={picture.url} className="space-y-5 p-5 lg:col-start-2 lg:overflow-y-auto">
        {picture.preview ? (
          <PreviewFacts preview={picture.preview} />
        ) : (
          <PictureFacts made={picture.made ?? { prompt: null, generation: null }} />
        )}
      </div>
    </Modal>
  );
}

function OriginalLink({ url }: { url: string }) {
  const { t } = useLingui();
  const label = t`Open the original in a new tab`;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      aria-label={label}
      title={label}
      className={buttonClass("quiet", "icon")}
    >
      <ExternalLink aria-hidden />
    </a>
  );
}

function Original({ picture: { url, media }, alt }: { picture: ViewedPicture; alt: string }) {
  const [isBroken, setIsBroken] = useState(false);
  const look = "absolute inset-0 size-full object-contain";
  if (isBroken) {
    return (
      <p className="absolute inset-0 grid place-items-center px-16 text-center text-sm text-white">
        <Trans>This picture cannot be shown. It may be gone, or its site cannot be reached.</Trans>
      </p>
    );
  }
  const onError = () => setIsBroken(true);
  if (media === "video") {
    return (
      <video src={url} aria-label={alt} controls loop muted autoPlay playsInline onError={onError} className={look} />
    );
  }
  return <img src={url} alt={alt} referrerPolicy="no-referrer" onError={onError} className={look} />;
}

interface TurnProps {
  label: string;
  className: string;
  onClick: () => void;
  children: ReactNode;
}

function Turn({ className, ...rest }: TurnProps) {
  return (
    <IconButton
      {...rest}
      className={cn(
        "absolute top-1/2 -translate-y-1/2 rounded-full border border-white/25 bg-black/60 text-white",
        "hover:bg-black/80 hover:text-white",
        className,
      )}
    />
  );
}

/** Left and right, unless a film takes them to wind. */
function useArrowKeys(move: (by: number) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isPlain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented);
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by && isPlain && !(event.target instanceof HTMLVideoElement)) move(by);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}
