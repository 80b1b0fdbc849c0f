import { useLingui } from "@lingui/react/macro";
import { CloudOff, Copy, FileX2, Heart, type LucideIcon, TriangleAlert } from "lucide-react";
import { chosenAlternatives, hasTerm, toggledAlternative, toggledTerm } from "@/features/library/query-terms";
import { chosenRowClass, SideList, sideRowClass } from "@/features/library/side-list";
import { cn } from "@/lib/cn";

/** What may be wrong with a model; any of those that are chosen is found. */
const TROUBLES = ["broken", "missing", "offline"];

interface QuickFiltersProps {
  q: string;
  onSearch: (q: string) => void;
}

/** What is looked for most, one click each: written into the search, where it can be seen and changed. */
export function QuickFilters({ q, onSearch }: QuickFiltersProps) {
  const { t } = useLingui();
  const rows: { value: string; label: string; icon: LucideIcon }[] = [
    { value: "favorite", label: t`Favourites`, icon: Heart },
    { value: "duplicate", label: t`Several copies`, icon: Copy },
    { value: "broken", label: t`Has problems`, icon: TriangleAlert },
    { value: "missing", label: t`Missing`, icon: FileX2 },
    { value: "offline", label: t`Offline`, icon: CloudOff },
  ];
  return (
    <SideList title={t`Show only`}>
      <fieldset className="min-w-0" aria-label={t`Show only`}>
        {rows.map(({ value, label, icon: Icon }) => {
          const isTrouble = TROUBLES.includes(value);
          const isChosen = isTrouble
            ? chosenAlternatives(q, "is", TROUBLES).includes(value)
            : hasTerm(q, `is:${value}`);
          return (
            <button
              key={value}
              type="button"
              aria-pressed={isChosen}
              onClick={() =>
                onSearch(isTrouble ? toggledAlternative(q, "is", TROUBLES, value) : toggledTerm(q, `is:${value}`))
              }
              className={cn(sideRowClass, isChosen && chosenRowClass)}
            >
              <Icon aria-hidden />
              <span className="truncate">{label}</span>
            </button>
          );
        })}
      </fieldset>
    </SideList>
  );
}
