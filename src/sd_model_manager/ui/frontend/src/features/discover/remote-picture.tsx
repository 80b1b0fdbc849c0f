import { useState } from "react";
import type { RemoteImage } from "@/api/types";
import { ModelPreview } from "@/components/model-preview";
import { cn } from "@/lib/cn";

interface RemotePictureProps {
  picture: RemoteImage | null | undefined;
  name: string;
  type: string;
  alt?: string;
  className?: string;
}

/** A small still from the source; the colours of the type where there is none or it cannot be had. */
export function RemotePicture({ picture, name, type, alt = "", className }: RemotePictureProps) {
  const [isBroken, setIsBroken] = useState(false);
  if (!picture || isBroken) {
    return <ModelPreview name={name} type={type} previewUrl={null} media={null} className={className} />;
  }
  return (
    <img
      loading="lazy" // before its source, or a browser may fetch it at once
      src={picture.thumbnail_url}
      alt={alt}
      decoding="async"
      draggable={false}
      referrerPolicy="no-referrer"
      onError={() => setIsBroken(true)}
      className={cn("size-full bg-raised object-cover", className)}
    />
  );
}
