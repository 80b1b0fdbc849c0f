const LONGEST_TAG = 200;

/** The tags written in a text, which are separated by commas, without those there are already in any case. */
export function tagNamesIn(text: string, known: string[] = []): string[] {
  const taken = new Set(known.map((tag) => tag.toLowerCase()));
  const names: string[] = [];
  for (const part of text.split(/[,、，\n]/)) {
    const name = part.trim().replace(/\s+/g, " ").slice(0, LONGEST_TAG);
    if (!name || taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    names.push(name);
  }
  return names;
}
