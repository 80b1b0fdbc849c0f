import { useLingui } from "@lingui/react/macro";
import { Archive, CircleFadingArrowUp, CloudOff, Copy, FileX2, Heart } from "lucide-react";
import type { Model } from "@/api/types";
import { Mark } from "@/components/mark";

/** What to know of a model before opening it: a favourite, several copies, out of date, put away, not there. */
export function StateMarks({ model }: { model: Model }) {
  const { t } = useLingui();
  const copies = model.duplicates + 1;
  return (
    <span className="flex shrink-0 gap-1">
      {model.favorite && (
        <Mark label={t`Favourite`}>
          <Heart aria-hidden className="size-3.5 fill-rose-400 text-rose-400" />
        </Mark>
      )}
      {model.duplicates > 0 && (
        <Mark label={t`${copies} copies on disk`}>
          <Copy aria-hidden className="size-3.5" />
          {copies}
        </Mark>
      )}
      {model.has_update && (
        <Mark label={t`A newer version is known`}>
          <CircleFadingArrowUp aria-hidden className="size-3.5 text-sky-300" />
        </Mark>
      )}
      {model.category === "archive" && (
        <Mark label={t`Archived`}>
          <Archive aria-hidden className="size-3.5" />
        </Mark>
      )}
      {model.state === "missing" && (
        <Mark label={t`Missing: the file is gone from its folder`} className="bg-red-800">
          <FileX2 aria-hidden className="size-3.5" />
        </Mark>
      )}
      {model.state === "offline" && (
        <Mark label={t`Offline: its folder cannot be reached`} className="bg-amber-800">
          <CloudOff aria-hidden className="size-3.5" />
        </Mark>
      )}
    </span>
  );
}
