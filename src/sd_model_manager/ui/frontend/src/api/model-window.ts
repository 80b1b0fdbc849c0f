import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  type UseQueryResult,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { client, isBadQuery, unwrap } from "@/api/client";
import { type ModelFilters, type Sort, toQuery } from "@/api/models";
import type { Model, ModelPage } from "@/api/types";

/** By their place in the list; of a long list only what is near the sight is there. */
export type ListedModels = ReadonlyArray<Model | undefined>;

const PAGE_MODELS = 100;
/** Pages out of sight are forgotten after so long, so that a tab which scrolled past 100,000 models stays small. */
const KEPT_MS = 15_000;
/** A drag of the scroll bar passes over most pages: the sight has to rest before far ones are fetched. */
const REST_MS = 80;

/** The part of a list that is in sight, wherever that is, fetched page by page; its head is always there. */
export function useModelWindow(filters: ModelFilters, sort: Sort) {
  const queryClient = useQueryClient();
  const head = useQuery({ ...pageOf(filters, sort, 0), placeholderData: keepPreviousData });
  const total = head.data?.total;
  const { sight, show } = useSight();
  const isCurrent = total !== undefined && !head.isPlaceholderData;
  const last = isCurrent ? Math.min(sight.last, Math.ceil(total / PAGE_MODELS) - 1) : 0;
  const first = Math.max(1, sight.first);
  const numbers = useMemo(() => range(first, last), [first, last]);
  const further = useQueries({
    queries: numbers.map((number) => pageOf(filters, sort, number)),
    combine: gather,
  });
  const models = useMemo(() => {
    const listed: (Model | undefined)[] = [...(head.data?.items ?? [])];
    further.pages.forEach((page, index) => {
      const start = (numbers[index] ?? 0) * PAGE_MODELS;
      page?.items.forEach((model, place) => {
        listed[start + place] = model;
      });
    });
    return listed;
  }, [head.data, further.pages, numbers]);
  const fetchBetween = useCallback(
    async (first: number, end: number): Promise<Model[]> => {
      const found: Model[] = [];
      for (const number of range(pageAt(first), pageAt(end))) {
        const { items } = await queryClient.fetchQuery(pageOf(filters, sort, number));
        found.push(...items.slice(Math.max(0, first - number * PAGE_MODELS), end + 1 - number * PAGE_MODELS));
      }
      return found;
    },
    [queryClient, filters, sort],
  );
  return { head, total, models, show, fetchBetween, isPartMissing: further.isError, retry: further.retry };
}

/** Asks for the head of a list that is about to be shown. `public/early.js` knows the address of the usual one. */
export function fetchHead(queryClient: QueryClient, filters: ModelFilters, sort: Sort): Promise<void> {
  return queryClient.prefetchQuery(pageOf(filters, sort, 0));
}

function pageOf(filters: ModelFilters, sort: Sort, number: number) {
  return queryOptions({
    queryKey: ["models", "list", filters, sort, number],
    gcTime: number === 0 ? undefined : KEPT_MS,
    // What the server cannot read is asked once, be it before it is drawn or then.
    enabled: ({ state }: { state: { error: Error | null } }) => !isBadQuery(state.error),
    queryFn: ({ signal }): Promise<ModelPage> => {
      const query = { ...toQuery(filters), sort, limit: PAGE_MODELS, offset: number * PAGE_MODELS || undefined };
      return unwrap(client.GET("/api/models", { signal, params: { query } }));
    },
  });
}

function gather(results: UseQueryResult<ModelPage>[]) {
  return {
    pages: results.map((result) => result.data),
    isError: results.some((result) => result.isError && !result.isFetching),
    retry: () => results.filter((result) => result.isError).forEach((result) => void result.refetch()),
  };
}

/** The pages in sight; `show` says from which model to which, again and again as one scrolls. */
function useSight() {
  const [sight, setSight] = useState({ first: 0, last: 0 });
  const now = useRef(sight);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const show = useCallback((first: number, end: number) => {
    const next = { first: pageAt(first), last: pageAt(end) };
    clearTimeout(timer.current);
    if (next.first === now.current.first && next.last === now.current.last) return;
    const see = () => {
      now.current = next;
      setSight(next);
    };
    if (Math.abs(next.first - now.current.first) <= 1) see();
    else timer.current = setTimeout(see, REST_MS);
  }, []);
  return { sight, show };
}

function pageAt(index: number): number {
  return Math.floor(index / PAGE_MODELS);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
