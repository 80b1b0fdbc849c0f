import { useCallback, useMemo, useRef, useState } from "react";
import type { BulkTarget } from "@/api/bulk";
import { toWanted } from "@/api/filter-forms";
import type { ListedModels } from "@/api/model-window";
import type { ModelFilters } from "@/api/models";
import type { Model } from "@/api/types";
import { toastFailure } from "@/components/toast-failure";

/** What a request may name one by one. */
const MOST_BY_NUMBER = 10_000;
const NONE: ReadonlySet<number> = new Set();

export interface Selection {
  count: number;
  has: (id: number) => boolean;
  /** What a change of the selection is sent for. */
  target: BulkTarget;
  /** Whether everything that the list shows is selected. */
  isAll: boolean;
  toggle: (index: number) => void;
  /** Selects all from the model that was chosen last, or where none was from the one at `from`, up to this one. */
  extendTo: (index: number, from?: number) => void;
  /** Selects these as long as the pointer draws over them, beside those that were or instead; `null` ends it. */
  sweep: (indices: number[] | null, isAdding?: boolean) => void;
  selectAll: () => void;
  clear: () => void;
}

/**
 * Which models are selected: some of those that were fetched, or all that the filters find, fetched or not. With other
 * filters it begins anew, so that nothing out of sight is changed by mistake.
 */
export function useSelection(
  models: ListedModels,
  total: number,
  filters: ModelFilters,
  fetchBetween: (first: number, last: number) => Promise<Model[]>,
): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<number> | "all">(NONE);
  const [known, setKnown] = useState(filters);
  const anchor = useRef<number | null>(null);
  const latest = useRef<ModelFilters | null>(null);
  if (JSON.stringify(filters) !== JSON.stringify(known)) {
    setKnown(filters);
    setChosen(NONE);
    latest.current = null;
  }

  const toggle = useCallback(
    (index: number) => {
      const id = models[index]?.id;
      anchor.current = index;
      if (id !== undefined) setChosen((now) => withToggled(now, id));
    },
    [models],
  );
  const extendTo = useCallback(
    (index: number, from = index) => {
      anchor.current ??= from;
      const [first, last] = [Math.min(anchor.current, index), Math.max(anchor.current, index)];
      const add = (found: ListedModels) =>
        setChosen((now) => new Set([...(now === "all" ? NONE : now), ...found.flatMap((model) => model?.id ?? [])]));
      const here = models.slice(first, last + 1);
      add(here);
      if (countOf(here) > last - first) return;
      latest.current = filters;
      fetchBetween(first, last).then(
        (found) => latest.current === filters && add(found),
        (error: Error) => toastFailure(error),
      );
    },
    [models, filters, fetchBetween],
  );
  const swept = useRef<{ before: ReadonlySet<number>; seen: Map<number, number> } | null>(null);
  const sweep = useCallback(
    (indices: number[] | null, isAdding = false) => {
      if (indices === null) {
        swept.current = null;
        return;
      }
      setChosen((now) => {
        swept.current ??= { before: isAdding && now !== "all" ? now : NONE, seen: new Map() };
        const { before, seen } = swept.current;
        for (const index of indices) {
          const id = models[index]?.id;
          if (id !== undefined) seen.set(index, id);
        }
        return new Set([...before, ...indices.flatMap((index) => seen.get(index) ?? [])]);
      });
    },
    [models],
  );
  const selectAll = useCallback(() => {
    const isWhole = countOf(models) === total && total <= MOST_BY_NUMBER;
    setChosen(isWhole ? new Set(models.flatMap((model) => model?.id ?? [])) : "all");
  }, [models, total]);
  const clear = useCallback(() => {
    anchor.current = null;
    setChosen(NONE);
  }, []);

  return useMemo(
    () => ({
      count: chosen === "all" ? total : chosen.size,
      has: (id) => chosen === "all" || chosen.has(id),
      target: chosen === "all" ? { wanted: toWanted(filters) } : { model_ids: [...chosen] },
      isAll: chosen === "all" || (chosen.size >= total && models.every((model) => model && chosen.has(model.id))),
      toggle,
      extendTo,
      sweep,
      selectAll,
      clear,
    }),
    [chosen, total, models, filters, toggle, extendTo, sweep, selectAll, clear],
  );
}

function countOf(models: ListedModels): number {
  return models.reduce((count, model) => (model ? count + 1 : count), 0);
}

/** Of all, the one that is toggled stays alone: what is not fetched cannot be named one by one. */
function withToggled(now: ReadonlySet<number> | "all", id: number): ReadonlySet<number> {
  if (now === "all") return new Set([id]);
  const next = new Set(now);
  if (!next.delete(id)) next.add(id);
  return next;
}
