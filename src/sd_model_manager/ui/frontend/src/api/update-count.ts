import { type QueryClient, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { client, unwrap } from "@/api/client";

/** So long the first paint is left to what it is for. */
const COUNTED_AFTER_MS = 2_000;

/** How many models have an update; `undefined` for a moment after the page has come up. */
export function useUpdateCount(): number | undefined {
  const [isTime, setIsTime] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsTime(true), COUNTED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const count = useQuery({
    queryKey: ["updates", "count"],
    enabled: isTime,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET("/api/updates", { signal, params: { query: { limit: 1 } } }))).total,
  });
  return count.data;
}

export function refreshUpdates(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({ queryKey: ["updates"] });
}
