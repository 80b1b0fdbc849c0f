export type EvidenceTeller = (sentence: string) => string | undefined;

const PLACEHOLDER = /\{(\w+)\}/g;

/**
 * Says in another language why the server takes a file for what it is.
 *
 * `words` holds the server's sentence and its translation, both with placeholders: one letter stands for a number,
 * `name` for what no language changes, `type` for a type of model, `says` for a sentence of its own, `parts` for several
 * of them with commas.
 */
export function evidenceTeller(words: Record<string, string>, nameOfType: (type: string) => string): EvidenceTeller {
  const templates = Object.entries(words).map(([english, translation]) => [patternOf(english), translation] as const);
  const tellers: Record<string, EvidenceTeller> = { type: nameOfType, says: tell, parts: tellParts };

  function tell(sentence: string): string | undefined {
    for (const [pattern, translation] of templates) {
      const found = pattern.exec(sentence);
      const told = found ? fill(translation, found.groups ?? {}) : undefined;
      if (told !== undefined) return told;
    }
  }

  function tellParts(list: string): string | undefined {
    const told = list.split(", ").map(tell);
    return told.includes(undefined) ? undefined : told.join("、");
  }

  function fill(translation: string, facts: Record<string, string>): string | undefined {
    const told = new Map(Object.entries(facts).map(([kind, fact]) => [kind, (tellers[kind] ?? String)(fact)]));
    if ([...told.values()].includes(undefined)) return undefined;
    return translation.replace(PLACEHOLDER, (_, kind: string) => told.get(kind) ?? "");
  }

  return tell;
}

function patternOf(template: string): RegExp {
  const source = template
    .replace(/[.*+?^$()[\]\\|]/g, "\\$&")
    .replace(PLACEHOLDER, (_, kind: string) => `(?<${kind}>${kind.length === 1 ? "\\d+" : ".+?"})`);
  return new RegExp(`^${source}$`, "s");
}
