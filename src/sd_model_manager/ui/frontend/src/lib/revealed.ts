import { useSyncExternalStore } from "react";
import { SharedValue } from "@/lib/shared-value";

const revealed = new SharedValue<ReadonlySet<number>>(new Set());

/** Shows the pictures of a model that are blurred, until the page is loaded anew or mature content is locked. */
export function reveal(modelId: number): void {
  revealed.set(new Set([...revealed.get(), modelId]));
}

export function concealAll(): void {
  if (revealed.get().size > 0) revealed.set(new Set());
}

export function useIsRevealed(modelId: number): boolean {
  return useSyncExternalStore(revealed.subscribe, () => revealed.get().has(modelId));
}

interface WithPreview {
  id: number;
  preview_url: string | null;
}

/** Where the preview of a model is to be fetched from: blurred as the server has it, unless it was revealed. */
export function useShownPreview({ id, preview_url }: WithPreview): string | null {
  return useIsRevealed(id) ? (preview_url?.replace(/\/blurred$/, "/clear") ?? null) : preview_url;
}
