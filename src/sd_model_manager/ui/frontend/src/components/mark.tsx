import { useLingui } from "@lingui/react/macro";
import { memo, type ReactNode } from "react";
import { typeLook } from "@/components/model-type";
import { cn } from "@/lib/cn";

const markClass =
  "inline-flex h-6 items-center gap-1.5 rounded-md bg-black/70 px-1.5 text-[11px] font-medium text-white";

/** Something to know of a model, said on its picture by an icon. */
export function Mark({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <span role="img" aria-label={label} title={label} className={cn(markClass, "pointer-events-auto", className)}>
      {children}
    </span>
  );
}

/** A model's type, on its picture. */
export const TypeMark = memo(function TypeMark({ type, isSmall }: { type: string; isSmall: boolean }) {
  const { t } = useLingui();
  const { icon: Icon, label, hue } = typeLook(type);
  return (
    <span className={cn(markClass, "min-w-0")} title={t(label)}>
      <Icon aria-hidden className="size-3.5 shrink-0" style={{ color: `oklch(0.85 0.11 ${hue})` }} />
      <span className={isSmall ? "sr-only" : "truncate"}>{t(label)}</span>
    </span>
  );
});
