import type { Share } from "@/api/statistics";

/** What the lengths of a chart stand for. */
export type Measure = "size" | "count";

export function amountOf(share: Pick<Share, "count" | "size_bytes">, measure: Measure): number {
  return measure === "size" ? share.size_bytes : share.count;
}
