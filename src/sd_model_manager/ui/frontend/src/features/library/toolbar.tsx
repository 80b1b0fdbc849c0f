import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { ArrowDownUp, Grid3x3, LayoutGrid, Rows3, SlidersHorizontal, Square } from "lucide-react";
import { Suspense } from "react";
import { fetchHead } from "@/api/model-window";
import { type ModelFilters, SORTS, type Sort } from "@/api/models";
import { Button, IconButton } from "@/components/button";
import { FilterChip } from "@/components/filter-chip";
import { typeLook } from "@/components/model-type";
import { Segmented } from "@/components/segmented";
import { Select } from "@/components/select";
import { type View, view } from "@/features/library/density";
import { countChoices, isNarrowed, toggled } from "@/features/library/filters";
import { SearchBox } from "@/features/library/search-box";
import { lazyPart } from "@/lib/lazy-part";

const SaveSearch = lazyPart(() => import("@/features/library/save-search"));

const SORT_NAMES: Record<Sort, MessageDescriptor> = {
  "-added_at": msg`Newest first`,
  added_at: msg`Oldest first`,
  name: msg`Name, A to Z`,
  "-name": msg`Name, Z to A`,
  "-size_bytes": msg`Largest first`,
  size_bytes: msg`Smallest first`,
  "-modified_at": msg`Last changed first`,
  modified_at: msg`First changed first`,
  "-rating": msg`Best rated first`,
  rating: msg`Worst rated first`,
  type: msg`Type, A to Z`,
  "-type": msg`Type, Z to A`,
  base_model: msg`Base model, A to Z`,
  "-base_model": msg`Base model, Z to A`,
};

interface ToolbarProps {
  filters: ModelFilters;
  sort: Sort;
  total: number | undefined;
  /** What the server could not read in the search. */
  problem: Error | null;
  onChange: (part: Partial<ModelFilters>, sort?: Sort) => void;
  onOpenFilters: () => void;
}

export function Toolbar({ filters, sort, total, problem, onChange, onOpenFilters }: ToolbarProps) {
  const { t } = useLingui();
  const queryClient = useQueryClient();
  const choices = countChoices(filters);
  return (
    <div className="space-y-2 px-4 pt-3 pb-2">
      <div className="flex flex-wrap items-start gap-2">
        <SearchBox
          value={filters.q}
          problem={problem}
          onSearch={(q) => onChange({ q })}
          onAnticipate={(q) => void fetchHead(queryClient, { ...filters, q }, sort)}
        />
        <div className="ml-auto flex gap-2">
          <Button onClick={onOpenFilters} className="px-3 lg:hidden">
            <SlidersHorizontal aria-hidden />
            <span className="max-sm:sr-only">
              <Trans>Filters</Trans>
            </span>
            {choices > 0 && <span className="rounded-full bg-accent px-1.5 text-xs text-on-accent">{choices}</span>}
          </Button>
          <Select
            icon={ArrowDownUp}
            label={t`Sort by`}
            value={sort}
            choices={SORTS.map((value) => ({ value, label: t(SORT_NAMES[value]) }))}
            onChoose={(chosen) => onChange({}, chosen)}
          />
          <ViewChoice />
        </div>
      </div>
      <div className="flex min-h-6 flex-wrap items-center gap-1.5 text-[13px] text-ink-faint">
        <p role="status" className="mr-1 tabular-nums">
          {total !== undefined && <Plural value={total} one="# model" other="# models" />}
        </p>
        <ChosenFilters filters={filters} onChange={onChange} />
        {isNarrowed(filters) && problem === null && (
          <Suspense>
            <SaveSearch filters={filters} sort={sort} />
          </Suspense>
        )}
      </div>
    </div>
  );
}

function ViewChoice() {
  const { t } = useLingui();
  const chosen = view.use();
  const choices: { value: View; label: string; icon: React.ReactNode }[] = [
    { value: "small", label: t`Small cards`, icon: <Grid3x3 /> },
    { value: "medium", label: t`Medium cards`, icon: <LayoutGrid /> },
    { value: "large", label: t`Large cards`, icon: <Square /> },
    { value: "list", label: t`List`, icon: <Rows3 /> },
  ];
  const next: Record<View, View> = { small: "medium", medium: "large", large: "list", list: "small" };
  return (
    <>
      <div className="max-sm:hidden">
        <Segmented label={t`How the models are shown`} value={chosen} choices={choices} onChoose={view.set} />
      </div>
      <IconButton
        look="plain"
        className="sm:hidden"
        label={t`How the models are shown`}
        onClick={() => view.set(next[chosen])}
      >
        {choices.find((choice) => choice.value === chosen)?.icon}
      </IconButton>
    </>
  );
}

/** The choices that narrow the list, each to be taken back with a click. */
function ChosenFilters({ filters, onChange }: Pick<ToolbarProps, "filters" | "onChange">) {
  const { t } = useLingui();
  const chips: { key: string; label: string; remove: Partial<ModelFilters> }[] = [
    ...filters.types.map((type) => ({
      key: `type ${type}`,
      label: t(typeLook(type).label),
      remove: { types: toggled(filters.types, type) },
    })),
    ...filters.baseModels.map((name) => ({
      key: `base ${name}`,
      label: name === "unknown" ? t`Unknown base` : name,
      remove: { baseModels: toggled(filters.baseModels, name) },
    })),
    ...filters.tags.map((tag) => ({
      key: `tag ${tag}`,
      label: `#${tag}`,
      remove: { tags: toggled(filters.tags, tag) },
    })),
  ];
  if (filters.category) {
    const label = filters.category === "archive" ? t`Archived` : t`In use`;
    chips.push({ key: "category", label, remove: { category: null } });
  }
  if (filters.folder !== null) {
    chips.push({ key: "folder", label: filters.folder || t`(top folder)`, remove: { folder: null } });
  }
  return chips.map((chip) => <FilterChip key={chip.key} label={chip.label} onRemove={() => onChange(chip.remove)} />);
}
