import { useState } from "react";
import { ApiError } from "@/api/client";
import { useModelWindow } from "@/api/model-window";
import { type ModelFilters, type Sort, useFacets } from "@/api/models";

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
  // The models come first: counted beside them, both would take longer.
  const facets = useFacets(asked, { isWaiting: head.isFetching });

  const problem = problemIn(head.error) ?? problemIn(facets.error);
  if (problem !== null && !isRefused) setRefusal({ q: filters.q, problem });
  if (head.isSuccess && !head.isPlaceholderData && asked.q !== lastRead) setLastRead(asked.q);
  return { list, facets, problem: isRefused ? refusal.problem : null };
}

function problemIn(error: Error | null): ApiError | null {
  return error instanceof ApiError && error.code === "BAD_QUERY" ? error : null;
}
