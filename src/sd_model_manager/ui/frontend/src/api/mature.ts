import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import { refreshSeen } from "@/api/seen";
import { concealAll, useIsRevealed } from "@/lib/revealed";

export type Mature = components["schemas"]["MatureOut"];

const matureKey = ["mature"];

/** What becomes of mature content in this browser, and whether it is locked. */
export function useMature() {
  return useQuery({
    queryKey: matureKey,
    queryFn: async ({ signal }) => heed(await unwrap(client.GET("/api/mature", { signal }))),
  });
}

/** A model with the pictures that are blurred otherwise, once it was revealed. */
export function useRevealedModel(id: number) {
  return useQuery({
    queryKey: ["models", "revealed", id],
    enabled: useIsRevealed(id),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET("/api/models/{model_id}", {
          signal,
          params: { path: { model_id: id }, query: { reveal: true } },
        }),
      ),
  });
}

export function useUnlockMature() {
  const queryClient = useQueryClient();
  return useMutation({
    meta: { showsError: true },
    mutationFn: (passphrase: string) => unwrap(client.POST("/api/mature/unlock", { body: { passphrase } })),
    onSuccess: (mature) => takeOver(queryClient, mature),
  });
}

export function useLockMature() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST("/api/mature/lock")),
    onSuccess: (mature) => takeOver(queryClient, mature),
  });
}

/** Sets, changes or, with `null`, removes the passphrase; `current` is the one there is. */
export function useSetPassphrase() {
  const queryClient = useQueryClient();
  return useMutation({
    meta: { showsError: true },
    mutationFn: ({ passphrase, current = "" }: { passphrase: string | null; current?: string }) =>
      unwrap(client.PUT("/api/mature/passphrase", { body: { passphrase, current } })),
    onSuccess: (mature) => takeOver(queryClient, mature),
  });
}

async function takeOver(queryClient: QueryClient, mature: Mature): Promise<void> {
  // What is on its way was asked without the cookie that came with this.
  await queryClient.cancelQueries({ queryKey: matureKey });
  queryClient.setQueryData(matureKey, heed(mature));
  refreshSeen(queryClient);
}

function heed(mature: Mature): Mature {
  if (mature.is_locked) concealAll();
  return mature;
}
