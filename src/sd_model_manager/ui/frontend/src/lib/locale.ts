import { i18n } from "@lingui/core";
import { StoredChoice } from "@/lib/stored-choice";

export const LOCALES = { en: "English", ja: "日本語" } as const;
export type Locale = keyof typeof LOCALES;

const CATALOGUES: Record<Locale, () => Promise<{ messages: Parameters<typeof i18n.load>[1] }>> = {
  en: () => import("@/locales/en.po"),
  ja: () => import("@/locales/ja.po"),
};

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

async function activate(chosen: Locale): Promise<void> {
  const { messages } = await CATALOGUES[chosen]();
  i18n.loadAndActivate({ locale: chosen, messages });
  document.documentElement.lang = chosen;
}
