import { useSyncExternalStore } from "react";

const revealed = new Set<number>();
const listeners = new Set<() => void>();

/** Shows the pictures of a model that are blurred, until the page is loaded anew or mature content is locked. */
export function reveal(modelId: number): void {
  revealed.add(modelId);
  tell();
}

export function concealAll(): void {
  if (revealed.size === 0) return;
  revealed.clear();
  tell();
}

export function useIsRevealed(modelId: number): boolean {
  return useSyncExternalStore(subscribe, () => revealed.has(modelId));
}

interface WithPreview {
  id: number;
  preview_url: string | null;
}

/** Where the preview of a model is to be fetched from: blurred as the server has it, unless it was revealed. */
export function useShownPreview({ id, preview_url }: WithPreview): string | null {
  return useIsRevealed(id) ? (preview_url?.replace(/\/blurred$/, "/clear") ?? null) : preview_url;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
