import type { ReactNode } from "react";

interface PanelProps {
  /** What a link on the page leads to. */
  id: string;
  title: ReactNode;
  hint?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}

export function Panel({ id, title, hint, aside, children }: PanelProps) {
  return (
    <section id={id} className="scroll-mt-4 max-lg:scroll-mt-16 rounded-2xl border bg-surface shadow-xs">
      <div className="flex flex-wrap items-start justify-between gap-3 px-5 pt-4 pb-3">
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="font-semibold">{title}</h2>
          {hint && <p className="mt-0.5 text-[13px] leading-relaxed text-ink-soft">{hint}</p>}
        </div>
        {aside}
      </div>
      <div className="px-5 pb-5">{children}</div>
    </section>
  );
}
