import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface CardProps {
  title: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** One picture of the library under its heading. */
export function Card({ title, aside, children, className }: CardProps) {
  return (
    <section className={cn("min-w-0 rounded-2xl border bg-surface p-4 shadow-xs sm:p-5", className)}>
      <div className="mb-3 flex min-h-9.5 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 className="font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
