import { Trans, useLingui } from "@lingui/react/macro";
import { FolderHeart, Pencil, Plus, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import {
  useBringBackCollection,
  useCollections,
  useDeleteCollection,
  useMakeCollection,
  useRenameCollection,
} from "@/api/collections";
import type { Collection } from "@/api/types";
import { IconButton } from "@/components/button";
import { hasTerm, quoted, toggledTerm } from "@/features/library/query-terms";
import { chosenRowClass, SideList, SideRow, sideRowClass } from "@/features/library/side-list";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { lazyPart } from "@/lib/lazy-part";
import { toast } from "@/lib/toast";

const NameDialog = lazyPart(() => import("@/components/name-dialog"));

interface CollectionsProps {
  q: string;
  onSearch: (q: string) => void;
}

function termOf(name: string): string {
  return `collection:${quoted(name)}`;
}

/** The user's collections: a click shows what is in one. */
export function Collections({ q, onSearch }: CollectionsProps) {
  const { t } = useLingui();
  const collections = useCollections();
  const remove = useRemove();
  const [named, setNamed] = useState<Collection | "new" | null>(null);
  const onRenamed = (before: string, name: string) => {
    // A search for the old name would find nothing any more.
    if (hasTerm(q, termOf(before))) onSearch(toggledTerm(toggledTerm(q, termOf(before)), termOf(name)));
  };
  return (
    <SideList
      title={t`Collections`}
      action={
        <IconButton size="smallIcon" className="size-6.5" label={t`New collection`} onClick={() => setNamed("new")}>
          <Plus aria-hidden />
        </IconButton>
      }
    >
      {collections.data?.length === 0 && (
        <p className="px-2 pb-1 text-xs leading-relaxed text-ink-faint">
          <Trans>Gather models under a name of your own.</Trans>
        </p>
      )}
      <ul aria-label={t`Collections`}>
        {collections.data?.map((collection) => (
          <SideRow
            key={collection.id}
            name={collection.name}
            menu={[
              [
                { label: t`Rename…`, icon: Pencil, onChoose: () => setNamed(collection) },
                { label: t`Delete`, icon: Trash2, isDangerous: true, onChoose: () => remove(collection) },
              ],
            ]}
          >
            <CollectionButton
              collection={collection}
              isChosen={hasTerm(q, termOf(collection.name))}
              onChoose={() => onSearch(toggledTerm(q, termOf(collection.name)))}
            />
          </SideRow>
        ))}
      </ul>
      {named === "new" && <MakeDialog onClose={() => setNamed(null)} />}
      {named !== null && named !== "new" && (
        <RenameDialog collection={named} onRenamed={onRenamed} onClose={() => setNamed(null)} />
      )}
    </SideList>
  );
}

interface CollectionButtonProps {
  collection: Collection;
  isChosen: boolean;
  onChoose: () => void;
}

function CollectionButton({ collection, isChosen, onChoose }: CollectionButtonProps) {
  const format = useFormat();
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      title={collection.name}
      onClick={onChoose}
      className={cn(sideRowClass, isChosen && chosenRowClass)}
    >
      <FolderHeart aria-hidden />
      <span className="min-w-0 flex-1 truncate">{collection.name}</span>
      <span className="text-xs text-ink-faint tabular-nums group-focus-within/row:invisible group-hover/row:invisible pointer-coarse:mr-8 pointer-coarse:visible!">
        {format.compact(collection.models)}
      </span>
    </button>
  );
}

function MakeDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const { mutate, error, isPending } = useMakeCollection();
  return (
    <Suspense>
      <NameDialog
        title={t`New collection`}
        label={t`Name of the collection`}
        action={t`Create`}
        error={error}
        isBusy={isPending}
        onSubmit={(name) => mutate({ name }, { onSuccess: onClose })}
        onClose={onClose}
      />
    </Suspense>
  );
}

interface RenameDialogProps {
  collection: Collection;
  onRenamed: (before: string, name: string) => void;
  onClose: () => void;
}

function RenameDialog({ collection, onRenamed, onClose }: RenameDialogProps) {
  const { t } = useLingui();
  const { mutate, error, isPending } = useRenameCollection();
  const submit = (name: string) =>
    mutate(
      { id: collection.id, name },
      {
        onSuccess: () => {
          onRenamed(collection.name, name);
          onClose();
        },
      },
    );
  return (
    <Suspense>
      <NameDialog
        title={t`Rename “${collection.name}”`}
        label={t`Name of the collection`}
        action={t`Rename`}
        name={collection.name}
        error={error}
        isBusy={isPending}
        onSubmit={submit}
        onClose={onClose}
      />
    </Suspense>
  );
}

/** Forgets a collection, and makes it again with its models when that is taken back. */
function useRemove() {
  const { t } = useLingui();
  const remove = useDeleteCollection();
  const bringBack = useBringBackCollection();
  return (collection: Collection) =>
    remove.mutate(collection, {
      onSuccess: (whole) =>
        toast.message(t`Deleted: ${collection.name}`, {
          description: t`Its models stay in the library.`,
          action: { label: t`Undo`, onClick: () => bringBack.mutate(whole) },
        }),
    });
}
