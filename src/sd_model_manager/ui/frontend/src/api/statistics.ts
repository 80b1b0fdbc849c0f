import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { components, paths } from "@/api/schema";

export type Statistics = components["schemas"]["StatisticsOut"];
export type Share = components["schemas"]["ShareOut"];

type Narrowing = NonNullable<paths["/api/models/statistics"]["get"]["parameters"]["query"]>;

/** Below "models", so that whatever changes models has these counted again. */
function statisticsQuery(query: Narrowing) {
  return {
    queryKey: ["models", "statistics", query],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      unwrap(client.GET("/api/models/statistics", { signal, params: { query } })),
    placeholderData: keepPreviousData,
  };
}

/** Counts and sizes of all models, or of those that the query leaves. */
export function useStatistics(query: Narrowing = {}, { enabled = true } = {}) {
  return useQuery({ ...statisticsQuery(query), enabled });
}

/** The same for each of these types alone; a type is missing until it has been counted. */
export function useStatisticsByType(types: string[]): Map<string, Statistics> {
  return useQueries({
    queries: types.map((type) => statisticsQuery({ type: [type] })),
    combine: (results) => {
      const found = new Map<string, Statistics>();
      results.forEach(({ data }, index) => {
        const type = types[index];
        if (data && type !== undefined) found.set(type, data);
      });
      return found;
    },
  });
}
