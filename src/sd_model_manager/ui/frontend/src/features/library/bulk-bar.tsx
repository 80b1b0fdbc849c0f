import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { FilePen, FolderHeart, Heart, ScanSearch, Shapes, ShieldCheck, Star, Tags, X } from "lucide-react";
import { Suspense, useState } from "react";
import type { ModelType } from "@/api/types";
import { Button, IconButton } from "@/components/button";
import { askToExport } from "@/components/export/asked";
import { useLookUp } from "@/components/look-up/use-look-up";
import { MenuButton } from "@/components/menu-button";
import { MODEL_TYPES } from "@/components/model-type";
import { useRatingItems } from "@/features/library/rating-items";
import { useBulk } from "@/features/library/use-bulk";
import { useCollectionItems } from "@/features/library/use-collection-items";
import type { Selection } from "@/features/library/use-selection";
import { useFormat } from "@/lib/format";
import { lazyPart } from "@/lib/lazy-part";
import { MATURE_LEVELS, showLevel } from "@/lib/mature-level";

const NameDialog = lazyPart(() => import("@/components/name-dialog"));
const TagDialog = lazyPart(() => import("@/features/library/tag-dialog"));

interface BulkBarProps {
  selection: Selection;
  total: number;
}

/** On a phone every button says below its icon what it is for: nothing can be pointed at there. */
const changesClass =
  "ml-auto flex flex-wrap items-center gap-1 " +
  "max-sm:grid max-sm:w-full max-sm:grid-cols-[repeat(auto-fit,minmax(4.75rem,1fr))] max-sm:[&>button]:h-11 " +
  "max-sm:[&>button]:flex-col max-sm:[&>button]:gap-0.5 max-sm:[&>button]:border-0 max-sm:[&>button]:px-0";

/** How many models are selected, and what can be said of all of them at once. */
export default function BulkBar({ selection, total }: BulkBarProps) {
  const { t } = useLingui();
  const format = useFormat();
  return (
    <section
      aria-label={t`Selected models`}
      data-bulk-bar
      className="flex flex-wrap items-center gap-x-1 gap-y-1.5 border-t bg-surface px-3 py-2 shadow-float"
    >
      <IconButton size="smallIcon" label={t`Clear the selection`} aria-keyshortcuts="Escape" onClick={selection.clear}>
        <X aria-hidden />
      </IconButton>
      <p role="status" className="mr-1 text-[13px] font-semibold whitespace-nowrap tabular-nums">
        <Plural value={selection.count} one="# selected" other="# selected" />
      </p>
      {!selection.isAll && (
        <Button look="quiet" size="small" className="px-2 text-accent-ink" onClick={selection.selectAll}>
          <Trans>Select all {format.number(total)}</Trans>
        </Button>
      )}
      <div className={changesClass}>
        <Changes selection={selection} />
      </div>
    </section>
  );
}

function Changes({ selection: { target, count } }: { selection: Selection }) {
  const { t } = useLingui();
  const { run } = useBulk();
  const { lookUp, isBusy } = useLookUp();
  const addTo = useCollectionItems(target, "add_to_collection");
  const removeFrom = useCollectionItems(target, "remove_from_collection");
  const ratings = useRatingItems(target);
  const [asked, setAsked] = useState<"tags" | "base" | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      <MenuButton
        size="small"
        label={t`Favourite`}
        groups={[
          [
            { label: t`Mark as favourites`, onChoose: () => run(target, { favorite: true }) },
            { label: t`Not favourites any more`, onChoose: () => run(target, { favorite: false }) },
          ],
        ]}
      >
        <Heart aria-hidden />
        <Caption>{t`Favourite`}</Caption>
      </MenuButton>
      <MenuButton size="small" label={t`Rating`} groups={ratings}>
        <Star aria-hidden />
        <Caption>{t`Rating`}</Caption>
      </MenuButton>
      <Button size="small" title={t`Tags`} onClick={() => setAsked("tags")}>
        <Tags aria-hidden />
        <Caption>{t`Tags`}</Caption>
      </Button>
      <MenuButton
        size="small"
        label={t`Collection`}
        groups={[addTo, removeFrom.length > 0 ? [{ label: t`Take out of`, icon: FolderHeart, items: removeFrom }] : []]}
      >
        <FolderHeart aria-hidden />
        <Caption>{t`Collection`}</Caption>
      </MenuButton>
      <MenuButton
        size="small"
        label={t`Type and base model`}
        groups={[
          [
            {
              label: t`Type`,
              icon: Shapes,
              items: [
                { label: t`What the file says`, onChoose: () => run(target, { own_type: null }) },
                ...Object.entries(MODEL_TYPES).map(([type, { label, icon }]) => ({
                  label: t(label),
                  icon,
                  onChoose: () => run(target, { own_type: type as ModelType }),
                })),
              ],
            },
          ],
          [
            { label: t`Base model…`, onChoose: () => setAsked("base") },
            {
              label: t`Base model: what the file says`,
              onChoose: () => run(target, { own_base_model: null }),
            },
          ],
        ]}
      >
        <Shapes aria-hidden />
        <Caption>{t`Type`}</Caption>
      </MenuButton>
      <MenuButton
        size="small"
        label={t`Maturity`}
        groups={[
          MATURE_LEVELS.map((level) => ({
            label: showLevel(level) ?? level,
            onChoose: () => run(target, { own_mature_level: level }),
          })),
          [{ label: t`What the source says`, onChoose: () => run(target, { own_mature_level: null }) }],
        ]}
      >
        <ShieldCheck aria-hidden />
        <Caption>{t`Maturity`}</Caption>
      </MenuButton>
      <Button
        size="small"
        title={t`Look up online`}
        disabled={isBusy}
        onClick={() => lookUp({ ...target, again: true })}
      >
        <ScanSearch aria-hidden />
        <Caption>{t`Look up online`}</Caption>
      </Button>
      <Button size="small" title={t`Write to other tools’ files…`} onClick={() => askToExport(target, count)}>
        <FilePen aria-hidden />
        <Caption>{t`Write files…`}</Caption>
      </Button>
      {asked === "tags" && (
        <Suspense>
          <TagDialog
            onSubmit={(tags) => {
              run(target, tags);
              close();
            }}
            onClose={close}
          />
        </Suspense>
      )}
      {asked === "base" && (
        <Suspense>
          <NameDialog
            title={t`Base model of the selected models`}
            label={t`Base model`}
            placeholder="SDXL 1.0"
            action={t({ message: "Set", context: "button" })}
            longest={100}
            error={null}
            isBusy={false}
            onSubmit={(own_base_model) => {
              run(target, { own_base_model });
              close();
            }}
            onClose={close}
          />
        </Suspense>
      )}
    </>
  );
}

function Caption({ children }: { children: string }) {
  return <span className="max-sm:text-[11px]">{children}</span>;
}
