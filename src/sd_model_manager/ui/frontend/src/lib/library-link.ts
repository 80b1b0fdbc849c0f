/** What a link to the library may narrow it to; the names are those of its address. */
export interface LibraryNarrowing {
  q?: string;
  type?: string | null;
  /** `null` means those without one. */
  base_model?: string | null;
  category?: string | null;
  folder?: string | null;
  sort?: string;
}

/** The address of the library, narrowed. */
export function libraryLink({ base_model, ...rest }: LibraryNarrowing): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(rest)) {
    if (value !== undefined && value !== null) params.set(key, value);
  }
  if (base_model !== undefined) params.set("base_model", base_model ?? "unknown");
  const query = params.toString();
  return query ? `/?${query}` : "/";
}

/** One term of the search language; values with what it reads as its own signs are quoted. */
export function term(field: string, ...values: string[]): string {
  return `${field}:${values.map(quoted).join(",")}`;
}

function quoted(value: string): string {
  return /[\s,"]/.test(value) || value === "" ? `"${value.replaceAll('"', '""')}"` : value;
}
