/**
 * Notes that the server does not have yet, kept in this browser until it does: a stopped server, a full disk or a
 * closed window loses none of them.
 */
const keyOf = (modelId: number) => `sdmm.notes.${modelId}`;

// Where the browser keeps nothing (private windows, a full store), at least while the page is open.
const kept = new Map<string, string>();

export function readDraft(modelId: number): string | null {
  const key = keyOf(modelId);
  return kept.get(key) ?? localStorage.getItem(key);
}

export function keepDraft(modelId: number, text: string): void {
  const key = keyOf(modelId);
  try {
    localStorage.setItem(key, text);
    kept.delete(key);
  } catch {
    kept.set(key, text);
  }
}

/** Forgets the draft once `saved` is what it says; what was written since stays. */
export function dropDraft(modelId: number, saved: string): void {
  if (readDraft(modelId) !== saved) return;
  kept.delete(keyOf(modelId));
  localStorage.removeItem(keyOf(modelId));
}
