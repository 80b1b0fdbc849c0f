import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";

/** Stands where troubles would be listed. */
export function AllWell({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-center gap-2.5 rounded-2xl border bg-surface px-4 py-3.5 text-[13px] text-ink-soft shadow-xs">
      <CircleCheck className="size-5 shrink-0 text-good" aria-hidden />
      {children}
    </p>
  );
}
