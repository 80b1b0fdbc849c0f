import type { Share } from "@/api/statistics";

export interface Month {
  /** As `2026-01`. */
  month: string;
  added: { count: number; size_bytes: number };
  /** All until the end of this month. */
  total: { count: number; size_bytes: number };
}

/** Every month from the first to the last, also those in which nothing was added, with what there was by then. */
export function accumulate(growth: readonly Share[]): Month[] {
  const known = new Map(growth.map((share) => [share.value, share]));
  const first = growth[0]?.value;
  const last = growth.at(-1)?.value;
  const months: Month[] = [];
  const total = { count: 0, size_bytes: 0 };
  for (let month = first; month && last && month <= last; month = following(month)) {
    const { count = 0, size_bytes = 0 } = known.get(month) ?? {};
    total.count += count;
    total.size_bytes += size_bytes;
    months.push({ month, added: { count, size_bytes }, total: { ...total } });
  }
  return months;
}

function following(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}
