import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const TONES = {
  plain: "bg-raised text-ink-soft",
  accent: "bg-accent-soft text-accent-ink",
  warn: "bg-warn-soft text-warn",
  danger: "bg-danger-soft text-danger",
  good: "bg-good-soft text-good",
};

export function Badge({ tone = "plain", className, ...rest }: ComponentProps<"span"> & { tone?: keyof typeof TONES }) {
  return (
    <span
      className={cn(
        "inline-flex max-w-full items-center gap-1 truncate rounded-md px-1.5 py-0.5 text-xs font-medium [&_svg]:size-3",
        TONES[tone],
        className,
      )}
      {...rest}
    />
  );
}
