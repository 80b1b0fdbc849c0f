import { useLingui } from "@lingui/react/macro";
import { FolderHeart, Plus } from "lucide-react";
import type { BulkTarget } from "@/api/bulk";
import { useCollections } from "@/api/collections";
import type { MenuItem } from "@/components/menu-items";
import { useAskForCollection } from "@/features/library/collection-maker";
import { useBulk } from "@/features/library/use-bulk";

/** The collections as rows of a menu that put models into one or take them out of it. */
export function useCollectionItems(
  target: BulkTarget,
  change: "add_to_collection" | "remove_from_collection",
): MenuItem[] {
  const { t } = useLingui();
  const collections = useCollections().data ?? [];
  const askForCollection = useAskForCollection();
  const { run } = useBulk();
  const items = collections.map(({ id, name }) => ({
    label: name,
    icon: FolderHeart,
    onChoose: () => run(target, { [change]: id }),
  }));
  if (change === "remove_from_collection") return items;
  return [...items, { label: t`New collection…`, icon: Plus, onChoose: () => askForCollection(target) }];
}
