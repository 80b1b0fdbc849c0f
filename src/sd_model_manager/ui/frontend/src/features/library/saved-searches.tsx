import { useLingui } from "@lingui/react/macro";
import { Pencil, Search, Trash2 } from "lucide-react";
import { Suspense, useState } from "react";
import { Link } from "react-router";
import { addressOf, fromWanted, toSearchedFor } from "@/api/filter-forms";
import { useDeleteSearch, useRenameSearch, useSaveSearch, useSearches } from "@/api/searches";
import type { SavedSearch } from "@/api/types";
import { chosenRowClass, SideList, SideRow, sideRowClass } from "@/features/library/side-list";
import { cn } from "@/lib/cn";
import { lazyPart } from "@/lib/lazy-part";
import { toast } from "@/lib/toast";

const NameDialog = lazyPart(() => import("@/components/name-dialog"));

interface SavedSearchesProps {
  /** The search part of the address as it stands now. */
  current: string;
}

/** The searches that were kept, each a link; nothing where there are none. */
export function SavedSearches({ current }: SavedSearchesProps) {
  const { t } = useLingui();
  const searches = useSearches().data ?? [];
  const remove = useRemove();
  const [renamed, setRenamed] = useState<SavedSearch | null>(null);
  if (searches.length === 0) return null;
  return (
    <SideList title={t`Saved searches`}>
      <ul aria-label={t`Saved searches`}>
        {searches.map((search) => {
          const address = addressOf(search);
          const isCurrent = address === current;
          return (
            <SideRow
              key={search.id}
              name={search.name}
              menu={[
                [
                  { label: t`Rename…`, icon: Pencil, onChoose: () => setRenamed(search) },
                  { label: t`Delete`, icon: Trash2, isDangerous: true, onChoose: () => remove(search) },
                ],
              ]}
            >
              <Link
                to={{ pathname: "/", search: address }}
                aria-current={isCurrent || undefined}
                title={search.name}
                className={cn(sideRowClass, "pr-8", isCurrent && chosenRowClass)}
              >
                <Search aria-hidden />
                <span className="truncate">{search.name}</span>
              </Link>
            </SideRow>
          );
        })}
      </ul>
      {renamed && <RenameDialog search={renamed} onClose={() => setRenamed(null)} />}
    </SideList>
  );
}

function RenameDialog({ search, onClose }: { search: SavedSearch; onClose: () => void }) {
  const { t } = useLingui();
  const { mutate, error, isPending } = useRenameSearch();
  return (
    <Suspense>
      <NameDialog
        title={t`Rename “${search.name}”`}
        label={t`Name of the search`}
        action={t`Rename`}
        name={search.name}
        error={error}
        isBusy={isPending}
        onSubmit={(name) => mutate({ id: search.id, name }, { onSuccess: onClose })}
        onClose={onClose}
      />
    </Suspense>
  );
}

/** Deletes a search, and brings it back to its place when that is taken back. */
function useRemove() {
  const { t } = useLingui();
  const remove = useDeleteSearch();
  const save = useSaveSearch();
  const bringBack = ({ name, wanted, position }: SavedSearch) =>
    save.mutate(
      { name, wanted: toSearchedFor(fromWanted(wanted)), position },
      { onError: (error) => toast.error(error.message) },
    );
  return (search: SavedSearch) =>
    remove.mutate(search, {
      onSuccess: () =>
        toast.message(t`Deleted: ${search.name}`, { action: { label: t`Undo`, onClick: () => bringBack(search) } }),
    });
}
