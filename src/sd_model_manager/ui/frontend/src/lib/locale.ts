import { i18n, type Messages } from "@lingui/core";
import { StoredChoice } from "@/lib/stored-choice";

export const LOCALES = { en: "English", ja: "日本語" } as const;
export type Locale = keyof typeof LOCALES;

/** What the first page shows, and what only further ones do; `scripts/lingui.ts` divides them. */
const CATALOGUES = {
  first: import.meta.glob<Messages>("../locales/*.po", { query: "?part=first", import: "messages" }),
  further: import.meta.glob<Messages>("../locales/*.po", { query: "?part=further", import: "messages" }),
};
const needed = new Set<keyof typeof CATALOGUES>(["first"]);

export const locale = new StoredChoice<Locale>("sdmm.locale", ["en", "ja"], preferred(navigator.languages));

/** The first language of the browser that the page speaks; English otherwise. */
export function preferred(languages: readonly string[]): Locale {
  const spoken = languages.map((language) => language.split("-")[0]);
  return (spoken.find((language) => language !== undefined && language in LOCALES) as Locale | undefined) ?? "en";
}

/** Shows the page in the chosen language, and follows when another is chosen. */
export async function followLocale(): Promise<void> {
  locale.subscribe(() => void activate(locale.get()));
  await activate(locale.get());
}

/** Fetches the texts of the further pages, for one that is about to be shown. */
export async function needFurtherTexts(): Promise<void> {
  if (needed.has("further")) return;
  needed.add("further");
  await activate(locale.get());
}

async function activate(chosen: Locale): Promise<void> {
  const parts = [...needed].map((part) => CATALOGUES[part][`../locales/${chosen}.po`]?.());
  const messages: Messages = Object.assign({}, ...(await Promise.all(parts)));
  i18n.loadAndActivate({ locale: chosen, messages });
  document.documentElement.lang = chosen;
}
