import type { Share } from "@/api/statistics";
import { useFormat } from "@/lib/format";

/** What the lengths of a chart stand for. */
export type Measure = "size" | "count";

export function amountOf(share: Pick<Share, "count" | "size_bytes">, measure: Measure): number {
  return measure === "size" ? share.size_bytes : share.count;
}

/** Writes an amount as what it is. */
export function useShow(measure: Measure): (amount: number) => string {
  const format = useFormat();
  return measure === "size" ? format.bytes : format.number;
}
