import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { createQueryClient } from "@/app/query-client";
import { createRouter } from "@/app/router";
import { followLocale } from "@/lib/locale";
import { followTheme } from "@/lib/theme";
import "@/app/styles.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id 'root'.");

followTheme();
await followLocale();

const router = createRouter();
const queryClient = createQueryClient(() => {
  const { pathname, search } = window.location;
  if (pathname !== "/login") void router.navigate(`/login?from=${encodeURIComponent(pathname + search)}`);
});

createRoot(root).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
