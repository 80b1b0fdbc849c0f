import { Trans, useLingui } from "@lingui/react/macro";
import { ArrowDownUp, CalendarDays, Search, ShieldCheck, SlidersHorizontal, X } from "lucide-react";
import type { ClipboardEvent } from "react";
import type { BrowseFilters } from "@/api/discover";
import type { Browsable } from "@/api/types";
import { Button, IconButton } from "@/components/button";
import { Input } from "@/components/field";
import { FilterChip } from "@/components/filter-chip";
import { Segmented } from "@/components/segmented";
import { Select } from "@/components/select";
import { LEVEL_NAMES, PERIOD_NAMES, SORT_NAMES } from "@/features/discover/names";
import { type ChangeSearch, countChoices } from "@/features/discover/search";
import { findLinks, isPasteOfLinks } from "@/lib/links";
import { useSearchBox } from "@/lib/use-search-box";

/** A source is not asked at every key. */
const WAIT_MS = 700;

interface ToolbarProps {
  sources: Browsable[];
  source: Browsable;
  filters: BrowseFilters;
  onSource: (name: string) => void;
  onChange: ChangeSearch;
  onOpenFilters: () => void;
  /** A link that was pasted into the search box names what is looked for already. */
  onLink: (link: string) => void;
}

export function Toolbar({ sources, source, filters, onSource, onChange, onOpenFilters, onLink }: ToolbarProps) {
  const { t } = useLingui();
  const choices = countChoices(filters);
  const hasFilters = source.types.length > 0 || source.base_models.length > 0 || source.has_tags || source.has_creators;
  return (
    <div className="space-y-2 px-4 pt-3 pb-2">
      <div className="flex flex-wrap items-start gap-2">
        <div className="max-sm:order-2">
          <Segmented
            label={t`Where to look`}
            value={source.source}
            choices={sources.map((each) => ({ value: each.source, label: each.title }))}
            onChoose={onSource}
          />
        </div>
        <div className="flex min-w-0 flex-1 basis-64 items-start gap-2 max-sm:order-1 max-sm:basis-full">
          <SearchBox key={source.source} source={source} filters={filters} onChange={onChange} onLink={onLink} />
          {hasFilters && (
            <Button onClick={onOpenFilters} className="px-3 lg:hidden">
              <SlidersHorizontal aria-hidden />
              <span className="max-sm:sr-only">
                <Trans>Filters</Trans>
              </span>
              {choices > 0 && <span className="rounded-full bg-accent px-1.5 text-xs text-on-accent">{choices}</span>}
            </Button>
          )}
        </div>
        <div className="flex gap-2 max-sm:order-3">
          <Choices source={source} filters={filters} onChange={onChange} />
        </div>
      </div>
      <ChosenFilters filters={filters} onChange={onChange} />
    </div>
  );
}

type SearchBoxProps = Pick<ToolbarProps, "source" | "filters" | "onChange" | "onLink">;

function SearchBox({ source, filters, onChange, onLink }: SearchBoxProps) {
  const { t } = useLingui();
  const { text, setText, clear, field } = useSearchBox(filters.q, (q) => onChange({ q }), WAIT_MS);
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData("text");
    const [link] = findLinks(pasted);
    if (!link || !isPasteOfLinks(pasted)) return;
    event.preventDefault();
    onLink(link);
  };
  return (
    <search className="relative min-w-0 flex-1">
      <Search
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-faint"
        aria-hidden
      />
      <Input
        ref={field}
        type="search"
        autoComplete="off"
        spellCheck={false}
        aria-label={t`Search ${source.title}`}
        aria-keyshortcuts="/"
        placeholder={t`Search ${source.title}`}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPaste={onPaste}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter") onChange({ q: text.trim() });
          else if (event.key === "Escape") text ? clear() : event.currentTarget.blur();
        }}
        className="h-9.5 pr-10 pl-9 [&::-webkit-search-cancel-button]:hidden"
      />
      {text && (
        <IconButton
          size="smallIcon"
          label={t`Clear the search`}
          onClick={clear}
          className="absolute top-1/2 right-1 -translate-y-1/2"
        >
          <X aria-hidden />
        </IconButton>
      )}
    </search>
  );
}

/** The order, the period and the maturity, as far as the source has such choices. */
function Choices({ source, filters, onChange }: Pick<ToolbarProps, "source" | "filters" | "onChange">) {
  const { t } = useLingui();
  const hasOrder = filters.q === "" || source.sorts_words;
  const [usualSort = "newest"] = source.sorts;
  return (
    <>
      {hasOrder && (
        <Select
          icon={ArrowDownUp}
          label={t`Sort by`}
          value={filters.sort ?? usualSort}
          choices={source.sorts.map((value) => ({ value, label: t(SORT_NAMES[value]) }))}
          onChoose={(sort) => onChange({ sort: sort === usualSort ? null : sort })}
        />
      )}
      {source.periods.length > 0 && (
        <Select
          icon={CalendarDays}
          label={t`Published in`}
          value={filters.period}
          choices={source.periods.map((value) => ({ value, label: t(PERIOD_NAMES[value]) }))}
          onChoose={(period) => onChange({ period })}
        />
      )}
      {source.has_levels && (
        <Select
          icon={ShieldCheck}
          label={t`Maturity`}
          value={String(filters.maxLevel ?? "")}
          choices={Object.entries(LEVEL_NAMES).map(([value, label]) => ({ value, label: t(label) }))}
          onChoose={(level) => onChange({ maxLevel: level === "" ? null : Number(level) })}
        />
      )}
    </>
  );
}

/** The tag and the creator, each to be taken back with a click: they are chosen on models, too, where no box shows them. */
function ChosenFilters({ filters, onChange }: Pick<ToolbarProps, "filters" | "onChange">) {
  const { t } = useLingui();
  const chips = [
    { key: "creator", label: filters.creator && t`by ${filters.creator}`, remove: { creator: "" } },
    { key: "tag", label: filters.tag && `#${filters.tag}`, remove: { tag: "" } },
  ].filter((chip) => chip.label);
  if (chips.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-1.5">
      {chips.map((chip) => (
        <FilterChip key={chip.key} label={chip.label} onRemove={() => onChange(chip.remove)} />
      ))}
    </div>
  );
}
