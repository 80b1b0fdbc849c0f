import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/client";
import { toastFailure } from "@/components/toast-failure";

/** The page's cache; `onLoginNeeded` is called when the server asks who is there. */
export function createQueryClient(retries: number, onLoginNeeded: () => void): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) onLoginNeeded();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _context, mutation) => {
        onError(error);
        // A mutation that says in its own place what went wrong is marked so.
        if (!mutation.meta?.showsError) toastFailure(error, { id: error.message });
      },
    }),
    defaultOptions: {
      // The server is on this computer or in this house: a browser that thinks itself offline still reaches it.
      mutations: { networkMode: "always" },
      queries: {
        networkMode: "always",
        staleTime: 30_000,
        retry: (failures, error) =>
          failures < retries && !(error instanceof ApiError && error.status < 500 && error.status > 0),
      },
    },
  });
}
