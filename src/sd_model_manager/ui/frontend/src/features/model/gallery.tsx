import { Trans, useLingui } from "@lingui/react/macro";
import { Maximize2 } from "lucide-react";
import { useState } from "react";
import { useRevealedModel } from "@/api/mature";
import type { Model, ModelDetail } from "@/api/types";
import { IconButton } from "@/components/button";
import { ModelPreview } from "@/components/model-preview";
import { usePictureViewer } from "@/components/picture-viewer/use-picture-viewer";
import RevealButton from "@/components/reveal-button";
import { PreviewMenu } from "@/features/model/preview-menu";
import { cn } from "@/lib/cn";
import { thumbnailUrl } from "@/lib/thumbnail";

type Preview = ModelDetail["previews"][number];

interface GalleryProps {
  model: Model;
  previews: Preview[];
  /** Whether its pictures are known, so that another can be chosen. */
  canChange: boolean;
}

/** The large picture, and the others below it to choose from. */
export function Gallery({ model, previews, canChange }: GalleryProps) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState(0);
  const revealed = useRevealedModel(model.id).data;
  const seen = revealed?.previews ?? previews;
  const cover = revealed ?? model;
  const shown = seen[chosen] ?? (cover.preview_url ? { url: cover.preview_url, media: cover.preview_media } : null);
  const isBlurred = model.is_blurred && !revealed;
  const viewed = seen.map(({ id, url, media }) => ({ url, media, preview: { modelId: model.id, previewId: id, url } }));
  const { open, viewer } = usePictureViewer(
    model.name,
    isBlurred || !shown ? [] : viewed.length > 0 ? viewed : [shown],
  );
  return (
    <div>
      <div
        className={cn(
          "relative w-full overflow-hidden bg-raised",
          shown ? "h-[min(60vh,26rem)] @4xl:h-[max(26rem,100dvh-22rem)]" : "h-44",
        )}
      >
        {shown?.media === "video" ? (
          <video
            key={shown.url}
            src={shown.url}
            controls
            loop
            muted
            autoPlay
            playsInline
            className="size-full object-contain"
          />
        ) : shown ? (
          <Picture key={shown.url} url={shown.url} model={model} isBlurred={isBlurred} onOpen={() => open(chosen)} />
        ) : (
          <ModelPreview name={model.name} type={model.type} previewUrl={null} media={null} />
        )}
        {shown?.media === "video" && (
          <IconButton
            size="smallIcon"
            look="plain"
            label={t`Show the film large`}
            onClick={() => open(chosen)}
            className="absolute top-2 left-2"
          >
            <Maximize2 aria-hidden />
          </IconButton>
        )}
        {isBlurred && <Veil model={model} />}
        {canChange && <PreviewMenu id={model.id} previews={previews} chosen={chosen} onChanged={() => setChosen(0)} />}
      </div>
      {viewer}
      {seen.length > 1 && (
        <div className="flex gap-1.5 overflow-x-auto px-5 pt-3 pb-1">
          {seen.map((preview, index) => (
            <button
              key={preview.id}
              type="button"
              aria-label={t`Preview ${index + 1} of ${seen.length}`}
              aria-pressed={index === chosen}
              onClick={() => setChosen(index)}
              className={cn(
                "size-14 shrink-0 overflow-hidden rounded-lg opacity-70 transition-opacity hover:opacity-100",
                index === chosen && "opacity-100 ring-2 ring-accent-ink ring-offset-2 ring-offset-surface",
              )}
            >
              <ModelPreview
                key={preview.url}
                name={model.name}
                type={model.type}
                previewUrl={preview.url}
                media={preview.media}
                size="small"
              />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function Veil({ model }: { model: Model }) {
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-2.5">
      <RevealButton model={model} />
      <p className="rounded-md bg-black/55 px-2 py-1 text-xs font-medium text-white">
        <Trans>Mature content</Trans>
      </p>
    </div>
  );
}

interface PictureProps {
  url: string;
  model: Model;
  isBlurred: boolean;
  onOpen: () => void;
}

/** The whole picture before a blur of itself; a click opens it large. */
function Picture({ url, model, isBlurred, onOpen }: PictureProps) {
  const { t } = useLingui();
  if (isBlurred) return <ModelPreview name={model.name} type={model.type} previewUrl={url} media="image" />;
  return (
    <button
      type="button"
      aria-label={t`Show the picture large`}
      onClick={onOpen}
      className="block size-full cursor-zoom-in -outline-offset-2"
    >
      <img
        src={thumbnailUrl(url, "small")}
        alt=""
        aria-hidden
        className="absolute inset-0 size-full scale-125 object-cover opacity-50 blur-2xl"
      />
      <ModelPreview
        name={model.name}
        type={model.type}
        previewUrl={url}
        media="image"
        size="large"
        className="relative bg-transparent object-contain"
      />
    </button>
  );
}
