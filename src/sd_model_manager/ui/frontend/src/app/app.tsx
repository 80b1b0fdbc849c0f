import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { createQueryClient } from "@/app/query-client";
import { Pages } from "@/app/router";

interface AppProps {
  /** How often a question is asked again that was not answered. */
  retries?: number;
}

/** The whole page; stands inside a router. */
export function App({ retries = 2 }: AppProps) {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const here = useRef("");
  here.current = pathname === "/login" ? "" : pathname + search;
  const [queryClient] = useState(() =>
    createQueryClient(retries, () => {
      if (here.current) void navigate(`/login?from=${encodeURIComponent(here.current)}`);
    }),
  );
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <Pages />
      </QueryClientProvider>
    </I18nProvider>
  );
}
