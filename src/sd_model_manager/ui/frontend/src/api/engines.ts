import { useMutation, useQuery } from "@tanstack/react-query";
import { client, unwrap } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];

/** A program that uses models, with where it keeps them. */
export type Install = Schemas["InstallOut"];
export type ModelsFolder = Schemas["ModelsFolderOut"];
export type Place = Schemas["PlaceOut"];
export type FolderList = Schemas["FolderListOut"];
export type PathsPlan = Schemas["PathsPlanOut"];

/** The search reads many folders, so it is not made anew for a while; below "folders", since it tells which are known. */
const SEARCH_STAYS_MS = 60_000;

/** Programs that were found on the machine of the server; the search begins with the first who asks. */
export function useInstalls() {
  return useQuery({
    queryKey: ["folders", "installs"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/engines", { signal })),
    staleTime: SEARCH_STAYS_MS,
  });
}

/** What a folder is, and where the program that it belongs to keeps its models. */
export function useRecognise() {
  return useMutation({
    meta: { showsError: true },
    mutationFn: (path: string) => unwrap(client.POST("/api/engines/recognise", { body: { path } })),
  });
}

/** The folders in a folder of the server's machine; `null` for those to begin with. */
export function useFolderList(path: string | null) {
  return useQuery({
    queryKey: ["folder list", path],
    queryFn: ({ signal }) => unwrap(client.POST("/api/folders/browse", { signal, body: { path } })),
  });
}

/** The part of ComfyUI's list of folders that is about the library. */
export function usePathsSection() {
  return useQuery({
    queryKey: ["folders", "comfyui"],
    queryFn: ({ signal }) => unwrap(client.GET("/api/comfyui/paths", { signal })),
  });
}

/** What would change in the list of one ComfyUI. */
export function usePlanPaths() {
  return useMutation({
    meta: { showsError: true },
    mutationFn: (path: string) => unwrap(client.POST("/api/comfyui/paths/plan", { body: { path } })),
  });
}

export function useWritePaths() {
  return useMutation({
    meta: { showsError: true },
    mutationFn: (body: { path: string; digest: string }) => unwrap(client.POST("/api/comfyui/paths/write", { body })),
  });
}

export function useUndoPaths() {
  return useMutation({
    meta: { showsError: true },
    mutationFn: (undo_id: string) => unwrap(client.POST("/api/comfyui/paths/undo", { body: { undo_id } })),
  });
}
