import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import type { BrowseFilters } from "@/api/discover";
import type { Browsable, ModelType } from "@/api/types";
import { Button } from "@/components/button";
import { ChoiceRow } from "@/components/choice-row";
import { typeLook } from "@/components/model-type";
import { MoreRows } from "@/components/more-rows";
import { NameFilter } from "@/features/discover/name-filter";
import { type ChangeSearch, countChoices } from "@/features/discover/search";

interface FilterPanelProps {
  source: Browsable;
  filters: BrowseFilters;
  onChange: ChangeSearch;
}

/** What a source lets one narrow by. */
export function FilterPanel({ source, filters, onChange }: FilterPanelProps) {
  const { t } = useLingui();
  return (
    <div className="space-y-5 p-3">
      <div className="flex min-h-8 items-center justify-between pl-2 max-lg:min-h-0 max-lg:justify-end">
        <h2 className="text-sm font-semibold max-lg:hidden">
          <Trans>Filters</Trans>
        </h2>
        {countChoices(filters) > 0 && (
          <Button
            look="quiet"
            size="small"
            onClick={() => onChange({ types: [], baseModels: [], tag: "", creator: "", period: "all" })}
          >
            <Trans>Clear all</Trans>
          </Button>
        )}
      </div>
      {source.has_creators && (
        <NameFilter
          source={source}
          field="creator"
          label={t`Creator`}
          hint={source.completes ? t`Part of a name` : t`Exact name`}
          value={filters.creator}
          onChoose={(creator) => onChange({ creator })}
        />
      )}
      {source.has_tags && (
        <NameFilter
          source={source}
          field="tag"
          label={t`Tag`}
          hint={t`One tag, such as style`}
          value={filters.tag}
          onChoose={(tag) => onChange({ tag })}
        />
      )}
      <ChoiceList
        title={t`Type`}
        values={source.types}
        chosen={filters.types}
        labelOf={(type) => t(typeLook(type).label)}
        onChoose={(types) => onChange({ types: types as ModelType[] })}
      />
      <ChoiceList
        title={t`Base model`}
        values={source.base_models}
        chosen={filters.baseModels}
        labelOf={(name) => name}
        onChoose={(baseModels) => onChange({ baseModels })}
      />
    </div>
  );
}

const SHOWN_FIRST = 10;

interface ChoiceListProps {
  title: ReactNode;
  values: readonly string[];
  chosen: readonly string[];
  labelOf: (value: string) => string;
  onChoose: (values: string[]) => void;
}

function ChoiceList({ title, values, chosen, labelOf, onChoose }: ChoiceListProps) {
  const [isWhole, setIsWhole] = useState(false);
  const all = [...values, ...chosen.filter((value) => !values.includes(value))];
  const shown = isWhole ? all : all.filter((value, index) => index < SHOWN_FIRST || chosen.includes(value));
  const hidden = all.length - shown.length;
  if (all.length === 0) return null;
  const toggle = (value: string) =>
    onChoose(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 px-2 text-xs font-medium text-ink-faint">{title}</legend>
      {shown.map((value) => (
        <ChoiceRow key={value} isChosen={chosen.includes(value)} onToggle={() => toggle(value)}>
          {labelOf(value)}
        </ChoiceRow>
      ))}
      <MoreRows count={hidden} onShow={() => setIsWhole(true)} />
    </fieldset>
  );
}
