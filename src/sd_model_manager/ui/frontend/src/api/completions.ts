import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { Completion } from "@/api/types";
import { fromCharacters, toCharacters } from "@/lib/code-points";

/** What may stand where the caret is in a query; `start` and `end` are indices of the text as JavaScript counts. */
export function useCompletions(asked: { q: string; caret: number } | null) {
  return useQuery({
    queryKey: ["models", "complete", asked],
    enabled: asked !== null,
    // Help that does not come is no help, and nothing to tell of.
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Completion[]> => {
      const { q, caret } = asked ?? { q: "", caret: 0 };
      const query = { q, position: toCharacters(q, caret) };
      const found = await unwrap(client.GET("/api/models/complete", { signal, params: { query } }));
      return found.map((one) => ({ ...one, start: fromCharacters(q, one.start), end: fromCharacters(q, one.end) }));
    },
  });
}
