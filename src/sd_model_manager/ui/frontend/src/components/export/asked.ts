import type { BulkTarget } from "@/api/bulk";
import type { Task } from "@/api/types";
import { SharedValue } from "@/lib/shared-value";

interface Asked {
  target: BulkTarget;
  /** How many models these are; `null` for the whole library. */
  count: number | null;
}

/** What the dialog is open for: whoever asked may be gone by then, as a menu is. */
export const askedExport = new SharedValue<Asked | null>(null);

/** The tasks of which this page tells what came of them. */
export const followedExports = new SharedValue<readonly string[]>([]);

export function askToExport(target: BulkTarget, count: number | null): void {
  askedExport.set({ target, count });
}

export function closeExport(): void {
  askedExport.set(null);
}

export function followExport({ task_id }: Task): void {
  followedExports.set([...followedExports.get().filter((id) => id !== task_id), task_id]);
}

export function unfollowExport(task_id: string): void {
  followedExports.set(followedExports.get().filter((id) => id !== task_id));
}

/** For when the page itself is left, as after a logout. */
export function forgetExports(): void {
  closeExport();
  followedExports.set([]);
}
