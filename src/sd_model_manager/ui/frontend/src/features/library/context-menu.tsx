import { useLingui } from "@lingui/react/macro";
import {
  Check,
  Code,
  Copy,
  ExternalLink,
  FilePen,
  FolderPlus,
  Hash,
  Heart,
  HeartOff,
  PanelRight,
  ScanSearch,
  SquareCheck,
  Star,
  Type,
} from "lucide-react";
import { useNavigate } from "react-router";
import type { Model } from "@/api/types";
import { askToExport } from "@/components/export/asked";
import { useLookUp } from "@/components/look-up/use-look-up";
import Menu from "@/components/menu";
import type { MenuGroups, MenuItem, MenuPlace } from "@/components/menu-items";
import { useRatingItems } from "@/features/library/rating-items";
import { useBulk } from "@/features/library/use-bulk";
import { useCollectionItems } from "@/features/library/use-collection-items";
import type { Selection } from "@/features/library/use-selection";
import { copyText } from "@/lib/clipboard";
import { loraSyntax } from "@/lib/lora-syntax";
import { toast } from "@/lib/toast";

interface ContextMenuProps {
  model: Model;
  search: string;
  place: MenuPlace;
  selection: Selection;
  onSelect: () => void;
  onFavor: () => void;
  onClose: () => void;
  onReturnFocus: () => void;
}

/**
 * All that can be done with one model without opening it. Of one that is selected with others, what can be said of many
 * is said of all of them.
 */
export default function ContextMenu(props: ContextMenuProps) {
  const { model, search, place, selection, onSelect, onFavor, onClose, onReturnFocus } = props;
  const { t } = useLingui();
  const navigate = useNavigate();
  const copyItems = useCopyItems(model);
  const { run } = useBulk();
  const isSelected = selection.has(model.id);
  const { count } = selection;
  const isOneOfMany = isSelected && count > 1;
  const target = isOneOfMany ? selection.target : { model_ids: [model.id] };
  const addTo = useCollectionItems(target, "add_to_collection");
  const ratings = useRatingItems(target).flat();
  const { lookUp } = useLookUp();
  const favors: MenuItem[] = isOneOfMany
    ? [
        {
          label: t`Mark ${count} as favourites`,
          icon: Heart,
          onChoose: () => run(selection.target, { favorite: true }),
        },
        {
          label: t`${count} are not favourites any more`,
          icon: HeartOff,
          onChoose: () => run(selection.target, { favorite: false }),
        },
      ]
    : [{ label: t`Favourite`, icon: Heart, isChecked: model.favorite, onChoose: onFavor }];
  const published = model.published?.url;
  const groups: MenuGroups = [
    [
      {
        label: t`Open`,
        icon: PanelRight,
        shortcut: "↵",
        onChoose: () => navigate({ pathname: `/models/${model.id}`, search }, { preventScrollReset: true }),
      },
      ...(published
        ? [{ label: t`Open its page on the web`, icon: ExternalLink, onChoose: () => openElsewhere(published) }]
        : []),
    ],
    [
      ...favors,
      { label: isOneOfMany ? t`Rate ${count}` : t`Rate`, icon: Star, items: ratings },
      {
        label: isSelected ? t`Take out of the selection` : t`Select`,
        icon: isSelected ? Check : SquareCheck,
        onChoose: onSelect,
      },
      {
        label: isOneOfMany ? t`Add ${count} to a collection` : t`Add to a collection`,
        icon: FolderPlus,
        items: addTo,
      },
      {
        label: isOneOfMany ? t`Look up ${count} online` : t`Look up online`,
        icon: ScanSearch,
        onChoose: () => lookUp({ ...target, again: true }),
      },
      {
        label: isOneOfMany ? t`Write other tools’ files for ${count}…` : t`Write to other tools’ files…`,
        icon: FilePen,
        onChoose: () => askToExport(target, isOneOfMany ? count : 1),
      },
    ],
    copyItems,
  ];
  return <Menu label={model.name} groups={groups} place={place} onClose={onClose} onReturnFocus={onReturnFocus} />;
}

function openElsewhere(url: string): void {
  window.open(url, "_blank", "noreferrer,noopener");
}

function useCopyItems(model: Model): MenuItem[] {
  const { t } = useLingui();
  const copy = (text: string) =>
    copyText(text).then(
      () => toast.success(t`Copied`, { description: text, duration: 2_500 }),
      () => toast.error(t`The browser did not allow copying. Select the text and copy it by hand.`),
    );
  const words = model.trigger_words.join(", ");
  const items: (MenuItem | false)[] = [
    words !== "" && { label: t`Copy the trigger words`, icon: Type, onChoose: () => void copy(words) },
    model.type === "lora" && {
      label: t`Copy what loads it in a prompt`,
      icon: Code,
      onChoose: () => void copy(loraSyntax(model.filename)),
    },
    { label: t`Copy the path`, icon: Copy, onChoose: () => void copy(model.path) },
    model.sha256 !== null && { label: t`Copy SHA-256`, icon: Hash, onChoose: () => void copy(model.sha256 ?? "") },
  ];
  return items.filter((item) => item !== false);
}
