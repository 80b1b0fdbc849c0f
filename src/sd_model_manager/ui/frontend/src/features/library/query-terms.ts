/** The terms of a query as they are written: spaces part them, but not inside quotes. */
const TERM = /-?(?:[^\s"]|"(?:[^"]|"")*"?)+/g;

export function termsOf(q: string): string[] {
  return q.match(TERM) ?? [];
}

/** A value of a field, quoted where it has to be. */
export function quoted(value: string): string {
  return /[\s",]/.test(value) || value === "" ? `"${value.replaceAll('"', '""')}"` : value;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export function hasTerm(q: string, term: string): boolean {
  return termsOf(q).some((other) => isSame(other, term));
}

/** The query with a term more, or without it where it stands there. */
export function toggledTerm(q: string, term: string): string {
  const others = termsOf(q).filter((other) => !isSame(other, term));
  return hasTerm(q, term) ? others.join(" ") : [...others, term].join(" ");
}

/** The values of one field that are alternatives, such as `missing` and `offline` in `is:missing,offline`. */
function alternativesIn(term: string, field: string, group: readonly string[]): string[] | null {
  const prefix = `${field}:`;
  if (!isSame(term.slice(0, prefix.length), prefix)) return null;
  const values = term.slice(prefix.length).toLowerCase().split(",");
  return values.every((value) => group.includes(value)) ? values : null;
}

/** Which of a group of values a query asks for, any of them. */
export function chosenAlternatives(q: string, field: string, group: readonly string[]): string[] {
  return termsOf(q).flatMap((term) => alternativesIn(term, field, group) ?? []);
}

/** The query with one of a group of values more, or less: any of those that are chosen is found. */
export function toggledAlternative(q: string, field: string, group: readonly string[], value: string): string {
  const chosen = chosenAlternatives(q, field, group);
  const now = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
  const others = termsOf(q).filter((term) => alternativesIn(term, field, group) === null);
  return now.length === 0 ? others.join(" ") : [...others, `${field}:${now.join(",")}`].join(" ");
}
