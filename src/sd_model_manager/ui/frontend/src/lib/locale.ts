import { i18n } from "@lingui/core";
import { StoredChoice } from "@/lib/stored-choice";

export const LOCALES = { en: "English", ja: "日本語" } as const;
export type Locale = keyof typeof LOCALES;

type Catalogue = Promise<{ messages: Parameters<typeof i18n.load>[1] }>;

const CATALOGUES: Record<Locale, { first: () => Catalogue; rest: () => Catalogue }> = {
  en: { first: () => import("@/locales/en.po?first"), rest: () => import("@/locales/en.po?rest") },
  ja: { first: () => import("@/locales/ja.po?first"), rest: () => import("@/locales/ja.po?rest") },
};

export const locale = new StoredChoice<Locale>("sdmm.locale", ["en", "ja"], preferred(navigator.languages));

/** The first language of the browser that the page speaks; English otherwise. */
export function preferred(languages: readonly string[]): Locale {
  const spoken = languages.map((language) => language.split("-")[0]);
  return (spoken.find((language) => language !== undefined && language in LOCALES) as Locale | undefined) ?? "en";
}

let loadMore: (chosen: Locale) => Promise<void> = () => Promise.resolve();

/** Shows the page in the chosen language, and follows when another is chosen. `load` fetches what else it takes. */
export async function followLocale(load: typeof loadMore): Promise<void> {
  loadMore = load;
  locale.subscribe(() => void activate(locale.get()));
  const chosen = locale.get();
  const { messages } = await CATALOGUES[chosen].first();
  show(chosen, messages);
  everyMessage = activate(chosen);
}

let everyMessage: Promise<void> = Promise.resolve();

/** Fetches a part of the page, and waits for what is said in it. The library's own parts need not wait. */
export function withMessages<T>(load: () => Promise<T>): () => Promise<T> {
  return async () => {
    const part = load();
    await everyMessage;
    return part;
  };
}

async function activate(chosen: Locale): Promise<void> {
  const [first, rest] = await Promise.all([CATALOGUES[chosen].first(), CATALOGUES[chosen].rest(), loadMore(chosen)]);
  if (locale.get() === chosen) show(chosen, { ...first.messages, ...rest.messages });
}

function show(chosen: Locale, messages: Parameters<typeof i18n.load>[1]): void {
  i18n.loadAndActivate({ locale: chosen, messages });
  document.documentElement.lang = chosen;
}
