import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { type ModelFilters, NO_FILTERS } from "@/api/models";
import type { Facets, FacetValue, ModelType } from "@/api/types";
import { Button } from "@/components/button";
import { ChoiceRow } from "@/components/choice-row";
import { typeLook } from "@/components/model-type";
import { MoreRows } from "@/components/more-rows";
import { FilterSkeleton } from "@/features/library/filter-skeleton";
import { countChoices, toggled } from "@/features/library/filters";
import { useFormat } from "@/lib/format";

interface FilterPanelProps {
  facets: Facets | undefined;
  filters: ModelFilters;
  onChange: (part: Partial<ModelFilters>) => void;
}

/** What models can be narrowed by, each with how many there would be. */
export function FilterPanel({ facets, filters, onChange }: FilterPanelProps) {
  const { t } = useLingui();
  if (!facets) return <FilterSkeleton />;
  if (facets.total === 0 && countChoices(filters) === 0) return null;
  const hasArchive = facets.category.some((entry) => entry.value === "archive");
  const categoryNames: Record<string, string> = { active: t`In use`, archive: t`Archived` };
  return (
    <div className="space-y-5">
      <div className="flex h-8 items-center justify-between pl-2">
        <h2 className="text-sm font-semibold">
          <Trans>Filters</Trans>
        </h2>
        {countChoices(filters) > 0 && (
          <Button look="quiet" size="small" onClick={() => onChange({ ...NO_FILTERS, q: filters.q })}>
            <Trans>Clear all</Trans>
          </Button>
        )}
      </div>
      <Facet
        title={t`Type`}
        values={facets.type}
        chosen={filters.types}
        labelOf={(value) => t(typeLook(value).label)}
        onToggle={(value) => onChange({ types: toggled(filters.types, value as ModelType) })}
      />
      <Facet
        title={t`Base model`}
        values={facets.base_model}
        chosen={filters.baseModels}
        labelOf={(value) => (value === "unknown" ? t`Unknown` : value)}
        onToggle={(value) => onChange({ baseModels: toggled(filters.baseModels, value) })}
      />
      {hasArchive && (
        <Facet
          title={t`Shelf`}
          values={facets.category}
          chosen={filters.category ? [filters.category] : []}
          labelOf={(value) => categoryNames[value] ?? value}
          onToggle={(value) =>
            onChange({ category: filters.category === value ? null : value === "archive" ? "archive" : "active" })
          }
        />
      )}
      <Facet
        title={t`Folder`}
        values={facets.folder}
        chosen={filters.folder === null ? [] : [filters.folder]}
        labelOf={(value) => value || t`(top folder)`}
        onToggle={(value) => onChange({ folder: filters.folder === value ? null : value })}
      />
      <Facet
        title={t`Tag`}
        values={facets.tag}
        chosen={filters.tags}
        labelOf={(value) => value}
        onToggle={(value) => onChange({ tags: toggled(filters.tags, value) })}
      />
    </div>
  );
}

const SHOWN_FIRST = 8;

interface FacetProps {
  title: string;
  values: FacetValue[];
  chosen: string[];
  labelOf: (value: string) => string;
  onToggle: (value: string) => void;
}

function Facet({ title, values, chosen, labelOf, onToggle }: FacetProps) {
  const format = useFormat();
  const [isWhole, setIsWhole] = useState(false);
  const counted = values.map((entry) => ({ value: entry.value ?? "unknown", count: entry.count }));
  const gone = chosen.filter((value) => !counted.some((entry) => entry.value === value));
  const all = [...counted, ...gone.map((value) => ({ value, count: 0 }))];
  if (all.length === 0) return null;
  const shown = isWhole ? all : all.filter((entry, index) => index < SHOWN_FIRST || chosen.includes(entry.value));
  const hidden = all.length - shown.length;
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 px-2 text-xs font-medium text-ink-faint">{title}</legend>
      {shown.map((entry) => (
        <ChoiceRow
          key={entry.value}
          aside={format.compact(entry.count)}
          isChosen={chosen.includes(entry.value)}
          onToggle={() => onToggle(entry.value)}
        >
          {labelOf(entry.value)}
        </ChoiceRow>
      ))}
      <MoreRows count={hidden} onShow={() => setIsWhole(true)} />
    </fieldset>
  );
}
