import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { MemoryRouter, useLocation } from "react-router";
import { App } from "@/app/app";
import { createQueryClient } from "@/app/query-client";
import { followLocale } from "@/lib/locale";
import { followTheme } from "@/lib/theme";
import { loadWords } from "@/words/tell";

followTheme();
await followLocale(loadWords);

/** Opens the whole page at an address, as a browser does; `address()` is where it stands now. */
export function open(address: string) {
  const user = userEvent.setup();
  const onLoginNeeded = { current: () => undefined };
  const queryClient = createQueryClient(0, () => onLoginNeeded.current());
  let now = address;
  render(
    <MemoryRouter initialEntries={[address]}>
      <Watcher onMove={(to) => (now = to)} />
      <App queryClient={queryClient} onLoginNeeded={onLoginNeeded} />
    </MemoryRouter>,
  );
  return { user, address: () => now };
}

function Watcher({ onMove }: { onMove: (address: string) => void }) {
  const { pathname, search } = useLocation();
  onMove(pathname + search);
  return null;
}

/** The message that says this, with what it offers to do. */
export async function message(text: string | RegExp) {
  const said = await screen.findByText(text);
  return within(said.closest("[data-sonner-toast]") as HTMLElement);
}
