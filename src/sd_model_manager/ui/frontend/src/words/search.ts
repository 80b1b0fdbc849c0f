import { t } from "@lingui/core/macro";
import type { components } from "@/api/schema";
import { type Facts, MissingFact, type Word } from "@/words/facts";

const NUMBERS: Record<string, () => string> = {
  size: () => t`A size is written as >2GB, <=500MiB or 100MB..2GB.`,
  rating: () => t`A rating is written as 5, >=4 or 2..4, from 0 to 5.`,
  rank: () => t`A rank is written as 16, >=64 or 8..32.`,
};

const possible = (said: Facts) => {
  const list = said.text("possible");
  const all = t`Possible: ${list}`;
  return said.has("alike") ? `${t`Did you mean “${{ word: said.text("alike") }}”?`} ${all}` : all;
};

const PROBLEMS: Record<components["schemas"]["QueryProblem"], Word> = {
  SORT_TWICE: () => t`“sort:” stands once and without “-” before it; “sort:-added” is descending.`,
  TOO_MANY_TERMS: (said) => t`There are more than ${{ limit: said.number("limit") }} terms. Leave some out.`,
  TOO_MANY_VALUES: (said) => t`There are more than ${{ limit: said.number("limit") }} values. Leave some out.`,
  TOO_LONG: (said) => t`It is longer than ${{ limit: said.number("limit") }} characters. Leave some words out.`,
  BAD_CHARACTER: () => t`There is a character that no name can hold. Take it out.`,
  NO_SEPARATOR: () => t`Behind a quoted value a comma or a space is missing.`,
  NO_VALUE: () => t`A value is missing. It follows “:” or “,” without a space.`,
  ONE_VALUE: (said) => t`“${{ field: said.text("field") }}:” takes one value; a range is written 1..3.`,
  UNKNOWN_FIELD: (said) =>
    `${t`There is no field “${{ text: said.text("text") }}”.`} ${possible(said)} ${t`To look for the text as it stands, put it in quotes.`}`,
  UNKNOWN_VALUE: (said) =>
    `${t`“${{ text: said.text("text") }}” is not known to “${{ field: said.text("field") }}:”.`} ${possible(said)}`,
  NOTHING_MEANT: (said) => `${t`There is nothing that “${{ text: said.text("text") }}” means.`} ${possible(said)}`,
  NO_NAME: (said) => t`“${{ text: said.text("text") }}” is no name to look for in “${{ field: said.text("field") }}:”.`,
  NO_HASH: (said) => t`“${{ text: said.text("text") }}” is not the beginning of a hash (up to 64 of 0-9 and a-f).`,
  NO_NUMBER: (said) =>
    `${t`“${{ text: said.text("text") }}” cannot be understood.`} ${NUMBERS[said.text("field")]?.() ?? ""}`,
  NO_TIME: (said) =>
    t`“${{ text: said.text("text") }}” is no time. A time is written as <30d (h, d, w, m, y: less than 30 days ago), >2026-01-31, 2026-01 or 2025..2026.`,
  BOTH: (said) =>
    t`“${{ text: said.text("text") }}” is both a comparison and a range. Leave “${{ sign: said.text("sign") }}” out.`,
};

/** Why a search cannot be read, and how it is written. */
export function tellQueryProblem(said: Facts): string {
  const problem = PROBLEMS[said.text("problem") as keyof typeof PROBLEMS];
  if (!problem) throw new MissingFact("problem");
  const position = said.count("position") + 1;
  return `${t`The search cannot be read at character ${position}.`} ${problem(said)}`;
}
