import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createMemoryRouter, RouterProvider } from "react-router";
import { createQueryClient } from "@/app/query-client";
import { routes } from "@/app/router";
import { followLocale } from "@/lib/locale";
import { followTheme } from "@/lib/theme";

followTheme();
await followLocale();

/** Opens the whole page at an address, as a browser does; `address()` is where it stands now. */
export function open(address: string) {
  const router = createMemoryRouter(routes, { initialEntries: [address] });
  const queryClient = createQueryClient(() => void router.navigate("/login?from=%2F"));
  const { queries, mutations } = queryClient.getDefaultOptions();
  queryClient.setDefaultOptions({ mutations, queries: { ...queries, retry: false } });
  const user = userEvent.setup();
  render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>,
  );
  return { user, address: () => router.state.location.pathname + router.state.location.search };
}

/** The message that says this, with what it offers to do. */
export async function message(text: string | RegExp) {
  const said = await screen.findByText(text);
  return within(said.closest("[data-sonner-toast]") as HTMLElement);
}
