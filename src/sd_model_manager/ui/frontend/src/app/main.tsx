import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { readFilters, readSort } from "@/api/filter-forms";
import { fetchHead } from "@/api/model-window";
import { App } from "@/app/app";
import { createQueryClient } from "@/app/query-client";
import { followLocale } from "@/lib/locale";
import { followTheme } from "@/lib/theme";
import "@/app/styles.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id 'root'.");

const RETRIES = 2;
/** Where the first models are there at once, they are drawn at once. */
const PATIENCE_MS = 40;

const onLoginNeeded = { current: () => undefined };
const queryClient = createQueryClient(RETRIES, () => onLoginNeeded.current());
let head: Promise<void> | undefined;
if (/^\/(models\/|$)/.test(window.location.pathname)) {
  // Asked for before anything is drawn: on a slow line the answer is then there when it is needed.
  const params = new URLSearchParams(window.location.search);
  head = fetchHead(queryClient, readFilters(params), readSort(params));
}
followTheme();
await followLocale();
await Promise.race([head, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);

createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <App queryClient={queryClient} onLoginNeeded={onLoginNeeded} />
    </BrowserRouter>
  </StrictMode>,
);
