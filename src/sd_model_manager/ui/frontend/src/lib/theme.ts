import { StoredChoice } from "@/lib/stored-choice";

/** The key is also read by `public/early.js`, before anything is painted. */
export const theme = new StoredChoice("sdmm.theme", ["system", "light", "dark"], "system");

/** Keeps the document in the chosen theme, or in that of the system while none is chosen. */
export function followTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = theme.get();
    document.documentElement.dataset.theme = chosen === "system" ? (system.matches ? "dark" : "light") : chosen;
  };
  theme.subscribe(apply);
  system.addEventListener("change", apply);
  apply();
}
