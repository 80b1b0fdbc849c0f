import { i18n } from "@lingui/core";
import { useLingui } from "@lingui/react";
import type { Words } from "@/words/words";

/** What the server says in English, with a code and the facts for saying it in another language. */
export interface Said {
  code?: string | null;
  details?: Record<string, unknown>;
  message?: string;
  error?: string | null;
}

export interface Told {
  text: string;
  /** Where the text is in another language than the page. */
  lang?: string;
  /** The server's own sentence, where it says more than the text. */
  original?: string;
}

/** The language that the server writes, in which its own sentence is the best there is. */
const SERVER = "en";

let words: Words | undefined;

/** Fetches what is needed to tell in a language what the server says. */
export async function loadWords(locale: string): Promise<void> {
  if (locale !== SERVER) words ??= (await import("@/words/words")).WORDS;
}

/** What the server said, in the page's language as far as there are words for it. */
export function tell(said: Said, kind: keyof Words = "failure"): Told {
  const original = said.message ?? said.error ?? "";
  if (i18n.locale === SERVER) return { text: original };
  const word = words?.[kind](said);
  if (word === undefined) return { text: original, lang: SERVER };
  return word.isVague ? { text: word.text, original } : { text: word.text };
}

/** `tell`, again whenever the language changes. */
export function useTell(): typeof tell {
  useLingui();
  return tell;
}
