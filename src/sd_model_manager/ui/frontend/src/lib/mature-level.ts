/** A level of maturity as Civitai writes it, in every language: PG-13. */
export function showLevel(level: string | null): string | null {
  return level === null ? null : level.toUpperCase().replace(/^PG13$/, "PG-13");
}

export const MATURE_LEVELS = ["pg", "pg13", "r", "x", "xxx"] as const;
