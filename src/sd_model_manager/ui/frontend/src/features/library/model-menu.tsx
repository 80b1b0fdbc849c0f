import { type RefObject, Suspense } from "react";
import type { ListedModels } from "@/api/model-window";
import { linkAt } from "@/features/library/grid-motion";
import type { OpenMenu } from "@/features/library/use-list-actions";
import type { Selection } from "@/features/library/use-selection";
import { lazyPart } from "@/lib/lazy-part";

const ContextMenu = lazyPart(() => import("@/features/library/context-menu"));

interface ModelMenuProps {
  scroller: RefObject<HTMLElement | null>;
  models: ListedModels;
  search: string;
  selection: Selection;
  actions: { menu: OpenMenu | null; closeMenu: () => void; favor: (index: number) => void };
}

/** What can be done with the model that was asked for with the right button or the menu key. */
export function ModelMenu({ scroller, models, search, selection, actions }: ModelMenuProps) {
  const { menu, closeMenu, favor } = actions;
  const model = menu && models[menu.index];
  if (!menu || !model) return null;
  return (
    <Suspense>
      <ContextMenu
        model={model}
        search={search}
        place={menu.place}
        selection={selection}
        onSelect={() => selection.toggle(menu.index)}
        onFavor={() => favor(menu.index)}
        onClose={closeMenu}
        onReturnFocus={() => linkAt(scroller.current, menu.index)?.focus()}
      />
    </Suspense>
  );
}
