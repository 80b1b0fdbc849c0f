import { useLingui } from "@lingui/react/macro";
import { Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { MenuButton } from "@/components/menu-button";
import type { MenuGroups } from "@/components/menu-items";
import { cn } from "@/lib/cn";

interface SideListProps {
  title: string;
  /** Beside the title: what adds to the list. */
  action?: ReactNode;
  children: ReactNode;
}

/** A titled list of the sidebar. */
export function SideList({ title, action, children }: SideListProps) {
  return (
    <section>
      <div className="mb-1 flex min-h-6 items-center justify-between gap-1 pl-2">
        <h2 className="text-xs font-medium text-ink-faint">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}

export const sideRowClass =
  "flex w-full min-w-0 items-center gap-2 rounded-lg px-2 py-1.5 text-left text-[13px] text-ink-soft transition-colors hover:bg-raised hover:text-ink [&_svg]:size-4 [&_svg]:shrink-0";
export const chosenRowClass = "bg-accent-soft font-medium text-accent-ink hover:bg-accent-soft hover:text-accent-ink";

interface SideRowProps {
  name: string;
  menu: MenuGroups;
  children: ReactNode;
}

/** A row with a menu of what can be done with it, which comes up with the pointer or the focus. */
export function SideRow({ name, menu, children }: SideRowProps) {
  const { t } = useLingui();
  return (
    <li className="group/row relative">
      {children}
      <MenuButton
        look="quiet"
        size="smallIcon"
        label={t`More for ${name}`}
        groups={menu}
        className={cn(
          "absolute top-1/2 right-0.5 size-7 -translate-y-1/2 bg-surface opacity-0 transition-opacity",
          "group-focus-within/row:opacity-100 group-hover/row:opacity-100 aria-expanded:opacity-100 pointer-coarse:opacity-100",
        )}
      >
        <Ellipsis aria-hidden />
      </MenuButton>
    </li>
  );
}
