import { useState } from "react";
import { type ApiError, isBadQuery } from "@/api/client";
import { useModelWindow } from "@/api/model-window";
import { type ModelFilters, type Sort, useFacets } from "@/api/models";
import { useRested } from "@/lib/use-rested";

const REST_MS = 150;

interface Refusal {
  q: string;
  problem: ApiError;
}

/**
 * The models that match, and the filters there are among them. While the server cannot read the search, as happens in
 * the middle of writing one, those of the last search that it could read stay; `problem` says what is wrong.
 */
export function useSearchedModels(filters: ModelFilters, sort: Sort) {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [lastRead, setLastRead] = useState("");
  const isRefused = refusal?.q === filters.q;
  const asked = isRefused ? { ...filters, q: lastRead } : filters;
  const list = useModelWindow(asked, sort);
  const { head } = list;
  // The models come first: counted beside them, or before those of the next key, both would take longer.
  const isTyping = useRested(filters.q, REST_MS) !== filters.q;
  const facets = useFacets(asked, { isWaiting: head.isFetching || isTyping });

  const problem = [head.error, facets.error].find(isBadQuery) ?? null;
  if (problem !== null && !isRefused) setRefusal({ q: filters.q, problem });
  if (head.isSuccess && !head.isPlaceholderData && asked.q !== lastRead) setLastRead(asked.q);
  return { list, facets, problem: isRefused ? refusal.problem : null };
}
