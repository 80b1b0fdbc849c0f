import type { KeyboardEvent } from "react";

/** Arrow keys, Home and End go from card to card, as in the library; for the list that has the cards. */
export function goToCard(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const cards = [...event.currentTarget.children] as HTMLElement[];
  const index = cards.findIndex((card) => card.contains(event.target as Node));
  const nextRow = cards.findIndex((card) => card.offsetTop > (cards[0]?.offsetTop ?? 0));
  const columns = nextRow === -1 ? cards.length : nextRow;
  const places: Record<string, number> = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index - columns,
    ArrowDown: index + columns,
    Home: 0,
    End: cards.length - 1,
  };
  const place = places[event.key];
  if (place === undefined) return;
  event.preventDefault();
  cards[place]?.querySelector<HTMLElement>("h2 a")?.focus();
}
