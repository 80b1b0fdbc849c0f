import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { components } from "@/api/schema";
import { refreshSeen } from "@/api/seen";

/** The sites that have accounts, and so keys. */
export type KeySource = components["schemas"]["CheckKeyIn"]["source"];

export function useSettings() {
  return useQuery({
    queryKey: ["settings"],
    queryFn: async ({ signal }) => (await unwrap(client.GET("/api/settings", { signal }))).settings,
  });
}

/** Changes settings by key; `null` goes back to the default. */
export function useChangeSettings(meta?: { showsError: boolean }) {
  const queryClient = useQueryClient();
  return useMutation({
    ...(meta && { meta }),
    mutationFn: async (values: Record<string, unknown>) =>
      (await unwrap(client.PATCH("/api/settings", { body: { values } }))).settings,
    onSuccess: (settings, values) => {
      queryClient.setQueryData(["settings"], settings);
      if (Object.keys(values).some((key) => key.startsWith("mature_"))) {
        void queryClient.invalidateQueries({ queryKey: ["mature"] });
        refreshSeen(queryClient);
      }
    },
  });
}

/** Asks a source whom the key in force belongs to. */
export function useCheckKey() {
  return useMutation({
    meta: { showsError: true },
    mutationFn: (source: KeySource) => unwrap(client.POST("/api/settings/check-key", { body: { source } })),
  });
}

export function useFolders() {
  return useQuery({
    queryKey: ["folders"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/folders", { signal })),
  });
}

export function useScanProblems() {
  return useQuery({
    queryKey: ["folders", "problems"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/folders/problems", { signal })),
  });
}

export function useAddFolder() {
  const queryClient = useQueryClient();
  return useMutation({
    meta: { showsError: true },
    mutationFn: (path: string) => unwrap(client.POST("/api/folders", { body: { path } })),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["folders"] });
      void queryClient.invalidateQueries({ queryKey: ["tasks"] });
    },
  });
}

/** Takes a folder off the library; its files stay where they are. */
export function useRemoveFolder() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrap(client.DELETE("/api/folders/{folder_id}", { params: { path: { folder_id: id } } })),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["folders"] });
      void queryClient.invalidateQueries({ queryKey: ["models"] });
    },
  });
}

export function useHealth() {
  return useQuery({
    queryKey: ["health"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/health", { signal })),
  });
}

export function useLogIn() {
  return useMutation({
    meta: { showsError: true },
    mutationFn: (token: string) => unwrap(client.POST("/api/login", { body: { token } })),
  });
}
