import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { BrowseFilters } from "@/api/discover";
import type { BrowsePeriod, BrowseSort, ModelType } from "@/api/types";

const NO_FILTERS: BrowseFilters = {
  q: "",
  types: [],
  baseModels: [],
  tag: "",
  creator: "",
  period: "all",
  sort: null,
  maxLevel: null,
};

export function readSearch(params: URLSearchParams): BrowseFilters {
  const level = Number(params.get("max_level"));
  return {
    q: params.get("q") ?? "",
    types: params.getAll("type") as ModelType[],
    baseModels: params.getAll("base_model"),
    tag: params.get("tag") ?? "",
    creator: params.get("creator") ?? "",
    period: (params.get("period") as BrowsePeriod | null) ?? "all",
    sort: params.get("sort") as BrowseSort | null,
    maxLevel: Number.isInteger(level) && level >= 1 && level <= 31 ? level : null,
  };
}

export function writeSearch(source: string | null, filters: BrowseFilters): URLSearchParams {
  const params = new URLSearchParams();
  const { q, tag, creator, period, sort, maxLevel } = filters;
  if (source) params.set("source", source);
  for (const [key, value] of Object.entries({ q, tag, creator })) if (value) params.set(key, value);
  for (const type of filters.types) params.append("type", type);
  for (const baseModel of filters.baseModels) params.append("base_model", baseModel);
  if (period !== "all") params.set("period", period);
  if (sort) params.set("sort", sort);
  if (maxLevel !== null) params.set("max_level", String(maxLevel));
  return params;
}

/** How many choices narrow what is found, the words, the order and the maturity aside. */
export function countChoices({ types, baseModels, tag, creator, period }: BrowseFilters): number {
  return types.length + baseModels.length + [tag, creator, period === "all" ? "" : period].filter(Boolean).length;
}

export type ChangeSearch = (part: Partial<BrowseFilters>) => void;

/** Source, search and open model as the address says, and how to change them there. */
export function useDiscoverSearch() {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => readSearch(params), [params]);
  const source = params.get("source");

  const change: ChangeSearch = useCallback(
    (part) =>
      setParams((now) => withModel(writeSearch(now.get("source"), { ...readSearch(now), ...part }), now.get("model")), {
        replace: true,
      }),
    [setParams],
  );
  /** The words stay, and the maturity; what else narrows is not the same elsewhere. */
  const chooseSource = useCallback(
    (chosen: string) =>
      setParams((now) => {
        const { q, maxLevel } = readSearch(now);
        return writeSearch(chosen, { ...NO_FILTERS, q, maxLevel });
      }),
    [setParams],
  );
  const clear = useCallback(() => {
    const { sort, maxLevel } = filters;
    setParams((now) => writeSearch(now.get("source"), { ...NO_FILTERS, sort, maxLevel }), { replace: true });
  }, [filters, setParams]);
  const close = useCallback(() => setParams((now) => withModel(now, null)), [setParams]);
  return { source, filters, openId: params.get("model"), change, chooseSource, clear, close };
}

/** The same address with another model open, or none. */
export function withModel(params: URLSearchParams, modelId: string | null): URLSearchParams {
  const changed = new URLSearchParams(params);
  if (modelId === null) changed.delete("model");
  else changed.set("model", modelId);
  return changed;
}
