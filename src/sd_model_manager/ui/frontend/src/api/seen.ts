import type { QueryClient } from "@tanstack/react-query";

/** Asks again for all that looks otherwise when mature content is treated otherwise. */
export function refreshSeen(queryClient: QueryClient): void {
  for (const key of ["models", "collections", "updates", "inspection"]) {
    void queryClient.invalidateQueries({ queryKey: [key] });
  }
}
