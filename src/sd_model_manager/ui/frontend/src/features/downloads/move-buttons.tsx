import { useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, ArrowUpToLine } from "lucide-react";
import { useMoveDownload } from "@/api/downloads";
import type { Download } from "@/api/types";
import { IconButton } from "@/components/button";

/** The downloads that a waiting one would come to stand before, one place up or down; `null` is behind all. */
export interface Places {
  isFirst: boolean;
  isLast: boolean;
  up: string | null;
  down: string | null;
}

/** Where the download at `index` can go among those that wait; `null` while it runs. */
export function placesOf(downloads: readonly Download[], index: number): Places | null {
  const isWaiting = (download: Download | undefined) => download !== undefined && download.state !== "running";
  if (!isWaiting(downloads[index])) return null;
  return {
    isFirst: !isWaiting(downloads[index - 1]),
    isLast: index === downloads.length - 1,
    up: downloads[index - 1]?.task_id ?? null,
    down: downloads[index + 2]?.task_id ?? null,
  };
}

/** Changes the order of what waits, place by place or to the front. */
export function MoveButtons({ download, places }: { download: Download; places: Places }) {
  const { t } = useLingui();
  const { mutate, isPending } = useMoveDownload();
  const id = download.task_id;
  return (
    <>
      {!places.isFirst && (
        <>
          <IconButton
            size="smallIcon"
            label={t`Fetch ${download.name} first`}
            disabled={isPending}
            onClick={() => mutate({ id, move: { to: "first" } })}
          >
            <ArrowUpToLine aria-hidden />
          </IconButton>
          <IconButton
            size="smallIcon"
            label={t`Move ${download.name} up`}
            disabled={isPending}
            onClick={() => mutate({ id, move: { before: places.up } })}
          >
            <ArrowUp aria-hidden />
          </IconButton>
        </>
      )}
      {places.isLast ? (
        !places.isFirst && <span aria-hidden className="size-8 max-sm:hidden" />
      ) : (
        <IconButton
          size="smallIcon"
          className="max-sm:hidden"
          label={t`Move ${download.name} down`}
          disabled={isPending}
          onClick={() => mutate({ id, move: { before: places.down } })}
        >
          <ArrowDown aria-hidden />
        </IconButton>
      )}
    </>
  );
}
