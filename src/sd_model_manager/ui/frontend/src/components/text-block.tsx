import type { ReactNode } from "react";

/** Text as it stands in a file; it scrolls by itself, also by keyboard. */
export function TextBlock({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it.
      tabIndex={0}
      aria-label={label}
      className="max-h-96 overflow-auto rounded-xl border bg-raised py-3 font-mono text-xs leading-relaxed text-ink"
    >
      <pre className="w-max min-w-full">{children}</pre>
    </section>
  );
}
