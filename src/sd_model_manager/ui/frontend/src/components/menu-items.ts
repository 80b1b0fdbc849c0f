import type { LucideIcon } from "lucide-react";

/** One row of a menu: an action, a choice that may hold already, or a further menu. */
export interface MenuItem {
  label: string;
  icon?: LucideIcon;
  /** The key that does the same. */
  shortcut?: string;
  isDangerous?: boolean;
  isChecked?: boolean;
  onChoose?: () => void;
  items?: MenuItem[];
}

/** Rows that belong together; a line parts them from the next. */
export type MenuGroups = MenuItem[][];

/** Where a menu opens: below this rectangle of the window, in CSS pixels. */
export interface MenuPlace {
  x: number;
  y: number;
  width: number;
  height: number;
}
