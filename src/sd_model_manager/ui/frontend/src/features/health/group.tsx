import type { ReactNode } from "react";
import { Badge } from "@/components/badge";
import { useFormat } from "@/lib/format";

interface GroupProps {
  title: ReactNode;
  hint?: ReactNode;
  count?: number | undefined;
  children: ReactNode;
}

/** A list of what is wrong, under its heading. */
export function Group({ title, hint, count, children }: GroupProps) {
  const format = useFormat();
  return (
    <section className="pt-3">
      <h2 className="flex items-center gap-2 font-semibold">
        {title}
        {count !== undefined && count > 0 && <Badge className="shrink-0 tabular-nums">{format.number(count)}</Badge>}
      </h2>
      {hint && <p className="mt-0.5 max-w-prose text-[13px] leading-relaxed text-ink-soft">{hint}</p>}
      <div className="mt-3 space-y-3">{children}</div>
    </section>
  );
}
