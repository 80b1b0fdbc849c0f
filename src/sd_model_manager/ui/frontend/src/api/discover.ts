import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import { useHistory, useQueue } from "@/api/downloads";
import { useMature } from "@/api/mature";
import type { components } from "@/api/schema";
import type { BrowsePeriod, BrowseSort, Download, ModelType } from "@/api/types";

/** What is looked for at a source; empty fields do not narrow. `maxLevel` is a bound by Civitai's bits. */
export interface BrowseFilters {
  q: string;
  types: ModelType[];
  baseModels: string[];
  tag: string;
  creator: string;
  period: BrowsePeriod;
  sort: BrowseSort | null;
  maxLevel: number | null;
}

/** A source is asked sparingly: what it said is good for a while, and nothing asks it again by itself. */
const ASK_SPARINGLY = {
  staleTime: 5 * 60_000,
  gcTime: 15 * 60_000,
  retry: false,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const;

/** The sources that can be looked around in; this asks none of them. */
export function useBrowsable() {
  return useQuery({
    queryKey: ["discover", "sources"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/discover", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What is seen of mature content, which answers depend on: what was told before a lock is not shown behind it. */
function useSeen() {
  const { data, isPending } = useMature();
  return { enabled: !isPending, seen: data && `${data.treatment} ${data.mature_from} ${data.is_locked}` };
}

export function useFound(source: string, filters: BrowseFilters) {
  const { enabled, seen } = useSeen();
  return useInfiniteQuery({
    ...ASK_SPARINGLY,
    enabled,
    queryKey: ["discover", "found", source, seen, filters],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET("/api/discover/{source}", {
          signal,
          params: { path: { source }, query: { ...toQuery(filters), cursor: pageParam ?? undefined } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
    // Of the same source only: models of another one would stand under its name.
    placeholderData: (before, query) =>
      query?.queryKey[2] === source && query.queryKey[3] === seen ? keepPreviousData(before) : undefined,
  });
}

function toQuery({ q, types, baseModels, tag, creator, period, sort, maxLevel }: BrowseFilters) {
  return {
    q: q || undefined,
    type: types,
    base_model: baseModels,
    tag: tag || undefined,
    creator: creator || undefined,
    period: period === "all" ? undefined : period,
    sort,
    max_level: maxLevel ?? undefined,
  };
}

export type NamedField = components["schemas"]["NamedField"];

/** Tags or creators with this part in their name; help that does not come is no help, and nothing to tell of. */
export function useNames(source: string, field: NamedField, part: string) {
  return useQuery({
    ...ASK_SPARINGLY,
    queryKey: ["discover", "names", source, field, part.toLowerCase()],
    enabled: part !== "",
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/api/discover/{source}/names", { signal, params: { path: { source }, query: { field, part } } }),
      ),
  });
}

/** A published model with its versions and files. */
export function usePublished(source: string, modelId: string, maxLevel: number | null) {
  const { enabled, seen } = useSeen();
  return useQuery({
    ...ASK_SPARINGLY,
    enabled,
    queryKey: ["discover", "model", source, modelId, seen, maxLevel],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/api/discover/{source}/{model_id}", {
          signal,
          params: { path: { source, model_id: modelId }, query: { max_level: maxLevel ?? undefined } },
        }),
      ),
  });
}

/** What has become of downloads since a list was fetched, which does not know of them. */
export interface Landing {
  isUnderWay: (link: string) => boolean;
  /** The model of the library that a link has become. */
  ofLink: (link: string) => number | undefined;
  /** The same of one file, by its SHA-256. */
  ofFile: (sha256: string | null) => number | undefined;
}

/** `since` is when what is shown was fetched, in milliseconds: it knew itself of what had landed before. */
export function useLanding(since: number): Landing {
  const queue = useQueue().data?.items ?? [];
  const ended = useHistory().data?.pages.flatMap((page) => page.items) ?? [];
  const landed = ended.filter((task) => task.model_id !== null && Date.parse(task.finished_at ?? "") > since);
  const find = (fits: (task: Download) => boolean) => landed.find(fits)?.model_id ?? undefined;
  return {
    isUnderWay: (link) => queue.some((task) => task.url === link),
    ofLink: (link) => find((task) => task.url === link),
    ofFile: (sha256) => (sha256 === null ? undefined : find((task) => task.sha256 === sha256)),
  };
}
