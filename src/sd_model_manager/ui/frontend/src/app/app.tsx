import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type RefObject, useEffect } from "react";
import { useLocation, useNavigate } from "react-router";
import { Pages } from "@/app/router";

interface AppProps {
  queryClient: QueryClient;
  /** Is called when the server asks who is there. */
  onLoginNeeded: RefObject<() => void>;
}

/** The whole page; stands inside a router. */
export function App({ queryClient, onLoginNeeded }: AppProps) {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  useEffect(() => {
    onLoginNeeded.current = () => {
      if (pathname !== "/login") void navigate(`/login?from=${encodeURIComponent(pathname + search)}`);
    };
  });
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <Pages />
      </QueryClientProvider>
    </I18nProvider>
  );
}
