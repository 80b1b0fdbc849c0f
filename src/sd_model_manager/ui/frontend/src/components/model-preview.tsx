import { type CSSProperties, memo, useRef, useState } from "react";
import { typeLook } from "@/components/model-type";
import { cn } from "@/lib/cn";
import { type ThumbnailSize, thumbnailSet, thumbnailUrl } from "@/lib/thumbnail";

interface ModelPreviewProps {
  name: string;
  type: string;
  previewUrl: string | null;
  media: "image" | "video" | null;
  /** How wide it is drawn, as the `sizes` of an `img`: the browser then takes the thumbnail that is large enough. */
  sizes?: string;
  /** Always this thumbnail instead, however wide it is drawn. */
  size?: ThumbnailSize;
  className?: string;
}

/** A model's picture; a video, which plays while the pointer is on it; or the colours of its type. */
export const ModelPreview = memo(function ModelPreview({
  name,
  type,
  previewUrl,
  media,
  sizes,
  size,
  className,
}: ModelPreviewProps) {
  const [isBroken, setIsBroken] = useState(false);
  const [hasThumbnails, setHasThumbnails] = useState(true);
  if (!previewUrl || isBroken)
    return <Placeholder name={name} type={type} isSmall={size === "small"} className={className} />;
  if (media === "video")
    return <HoverVideo url={previewUrl} className={className} onBroken={() => setIsBroken(true)} />;
  const source = hasThumbnails
    ? { sizes, srcSet: size ? undefined : thumbnailSet(previewUrl), src: thumbnailUrl(previewUrl, size ?? "medium") }
    : { src: previewUrl };
  return (
    <img
      loading="lazy" // before its source, or a browser may fetch it at once
      {...source}
      alt=""
      decoding="async"
      draggable={false}
      onError={() => (hasThumbnails ? setHasThumbnails(false) : setIsBroken(true))}
      className={cn("size-full bg-raised object-cover", className)}
    />
  );
});

function HoverVideo({ url, onBroken, className }: { url: string; onBroken: () => void; className?: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const play = () => void video.current?.play().catch(() => undefined); // a browser that saves power may refuse
  return (
    <video
      ref={video}
      src={url}
      muted
      loop
      playsInline
      preload="metadata"
      onPointerEnter={play}
      onPointerLeave={() => video.current?.pause()}
      onError={onBroken}
      className={cn("size-full bg-raised object-cover", className)}
    />
  );
}

interface PlaceholderProps {
  name: string;
  type: string;
  isSmall: boolean;
  className?: string;
}

function Placeholder({ name, type, isSmall, className }: PlaceholderProps) {
  const { icon: Icon, hue } = typeLook(type);
  const turn = turnOf(name);
  const tint = hue + (turn - 30) / 2;
  const style: CSSProperties = {
    backgroundImage: `linear-gradient(${100 + turn}deg, oklch(0.62 0.14 ${tint}), oklch(0.45 0.12 ${tint + 45}))`,
  };
  return (
    <div aria-hidden className={cn("grid size-full place-items-center", className)} style={style}>
      <Icon
        className={cn("max-h-24 max-w-24 text-white/75", isSmall ? "size-[50%]" : "size-[28%]")}
        strokeWidth={isSmall ? 1.75 : 1.25}
      />
    </div>
  );
}

/** 0 to 60, the same for the same name: so that neighbours of one type do not look alike. */
function turnOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 61;
  return sum;
}
