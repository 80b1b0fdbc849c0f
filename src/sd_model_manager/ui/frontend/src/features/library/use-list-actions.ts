import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useState } from "react";
import type { ListedModels } from "@/api/model-window";
import type { MenuPlace } from "@/components/menu-items";
import type { GridShape } from "@/features/library/density";
import { indexOf, useArrowKeys } from "@/features/library/grid-motion";
import { useBulk } from "@/features/library/use-bulk";
import type { Selection } from "@/features/library/use-selection";
import { isTaken } from "@/lib/keys";

export interface OpenMenu {
  index: number;
  place: MenuPlace;
}

interface Listed {
  scroller: RefObject<HTMLElement | null>;
  shape: GridShape;
  models: ListedModels;
  total: number;
  selection: Selection;
  scrollTo: (index: number) => void;
}

/** What the keyboard and the pointer do with the models of a list, whatever it looks like. */
export function useListActions({ scroller, shape, models, total, selection, scrollTo }: Listed) {
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const { runQuietly } = useBulk();
  const onArrow = useArrowKeys(scroller, shape, total, scrollTo, selection.extendTo);
  useSelectionKeys(selection);

  const favor = (index: number) => {
    const model = models[index];
    if (model) runQuietly({ model_ids: [model.id] }, { favorite: !model.favorite });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const index = indexOf(event.target);
    if (index === null || onArrow(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") event.shiftKey ? selection.extendTo(index) : selection.toggle(index);
    else if (event.key === "f") favor(index);
    else return;
    event.preventDefault();
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const index = indexOf(event.target);
    const isOnBox = (event.target as HTMLElement).closest("[data-select]") !== null;
    if (index === null || !(isOnBox || event.shiftKey || event.ctrlKey || event.metaKey)) return;
    if (!isOnBox) event.preventDefault(); // no new tab or window
    if (event.shiftKey) selection.extendTo(index);
    else selection.toggle(index);
  };
  const onContextMenu = (event: MouseEvent<HTMLElement>) => {
    const index = indexOf(event.target);
    if (index === null || !models[index]) return;
    event.preventDefault();
    setMenu({ index, place: placeOf(event) });
  };
  return { menu, closeMenu: () => setMenu(null), favor, handlers: { onKeyDown, onClick, onContextMenu } };
}

/** Where the pointer is; at the element that has the focus where the keyboard asked for the menu. */
function placeOf({ clientX: x, clientY: y, target }: MouseEvent): MenuPlace {
  if (x > 0 || y > 0) return { x, y, width: 0, height: 0 };
  const box = (target as HTMLElement).getBoundingClientRect();
  return { x: box.x + 12, y: box.y + 12, width: 0, height: 0 };
}

/** Ctrl+A selects everything that was found, Escape nothing, wherever the focus is but in a field. */
function useSelectionKeys({ selectAll, clear, count }: Selection): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (isTaken(event)) return;
      if (event.key === "Escape" && count > 0) clear();
      else if (event.key === "a" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) selectAll();
      else return;
      event.preventDefault();
      event.stopPropagation(); // the panel of a model would close too
    };
    document.addEventListener("keydown", onKey, true);
    return () => document.removeEventListener("keydown", onKey, true);
  }, [selectAll, clear, count]);
}
