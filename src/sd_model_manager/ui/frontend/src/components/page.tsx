import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

const WIDTHS = { narrow: "max-w-3xl", medium: "max-w-5xl", wide: "max-w-[100rem] sm:px-6" };

interface PageProps {
  /** Of the document, with the name of the product. */
  documentTitle: string;
  title: ReactNode;
  hint?: ReactNode;
  aside?: ReactNode;
  width?: keyof typeof WIDTHS;
  children: ReactNode;
}

/** A page that scrolls as a whole, under its heading. */
export function Page({ documentTitle, title, hint, aside, width = "narrow", children }: PageProps) {
  return (
    <div className="relative h-full overflow-y-auto">
      <title>{documentTitle}</title>
      <div className={cn("mx-auto space-y-5 px-4 py-6 sm:py-8", WIDTHS[width])}>
        <div className="flex flex-wrap items-end justify-between gap-3">
          <div className="min-w-0">
            <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
            {hint && <p className="mt-1 max-w-3xl text-sm leading-relaxed text-pretty text-ink-soft">{hint}</p>}
          </div>
          {aside}
        </div>
        {children}
      </div>
    </div>
  );
}
