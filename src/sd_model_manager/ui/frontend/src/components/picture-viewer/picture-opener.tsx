import { useLingui } from "@lingui/react/macro";
import { Play } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface PictureOpenerProps {
  media: "image" | "video";
  /** Which it is among those beside it, from 1. */
  number: number;
  onOpen: () => void;
  /** A small picture, or a still of the film. */
  children: ReactNode;
}

export function PictureOpener({ media, number, onOpen, children }: PictureOpenerProps) {
  const { t } = useLingui();
  const isFilm = media === "video";
  return (
    <button
      type="button"
      aria-label={isFilm ? t`Play film ${number}` : t`Show picture ${number} large`}
      onClick={onOpen}
      className={cn("relative size-full -outline-offset-2", !isFilm && "cursor-zoom-in")}
    >
      {children}
      {isFilm && (
        <span className="absolute inset-0 grid place-items-center">
          <span className="grid size-11 place-items-center rounded-full bg-black/65 text-white">
            <Play className="size-5" aria-hidden />
          </span>
        </span>
      )}
    </button>
  );
}
