import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Model, ModelDetail } from "@/api/types";
import { ModelPreview } from "@/components/model-preview";
import { cn } from "@/lib/cn";
import { thumbnailUrl } from "@/lib/thumbnail";

type Preview = ModelDetail["previews"][number];

/** The large picture, and the others below it to choose from. */
export function Gallery({ model, previews }: { model: Model; previews: Preview[] }) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState(0);
  const shown = previews[chosen] ?? (model.preview_url ? { url: model.preview_url, media: model.preview_media } : null);
  return (
    <div>
      <div className={cn("relative w-full overflow-hidden bg-raised", shown ? "h-[min(60vh,26rem)]" : "h-44")}>
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
          <Picture key={shown.url} url={shown.url} model={model} />
        ) : (
          <ModelPreview name={model.name} type={model.type} previewUrl={null} media={null} />
        )}
      </div>
      {previews.length > 1 && (
        <div className="flex gap-1.5 overflow-x-auto px-5 pt-3 pb-1">
          {previews.map((preview, index) => (
            <button
              key={preview.id}
              type="button"
              aria-label={t`Preview ${index + 1} of ${previews.length}`}
              aria-pressed={index === chosen}
              onClick={() => setChosen(index)}
              className={cn(
                "size-14 shrink-0 overflow-hidden rounded-lg opacity-70 transition-opacity hover:opacity-100",
                index === chosen && "opacity-100 ring-2 ring-accent-ink ring-offset-2 ring-offset-surface",
              )}
            >
              <ModelPreview
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

/** The whole picture before a blur of itself; a click opens the original. */
function Picture({ url, model }: { url: string; model: Model }) {
  const { t } = useLingui();
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      aria-label={t`Open the original picture in a new tab`}
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
    </a>
  );
}
