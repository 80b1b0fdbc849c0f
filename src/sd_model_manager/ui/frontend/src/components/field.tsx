import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

export const fieldClass =
  "rounded-lg border border-line-strong/60 bg-surface text-ink placeholder:text-ink-faint placeholder-shown:text-ellipsis " +
  "hover:border-line-strong focus-visible:border-accent-ink focus-visible:outline-offset-0 disabled:opacity-60";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(fieldClass, "h-9.5 w-full px-3 text-sm", className)} {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={cn(fieldClass, "w-full px-3.5 py-3 text-sm leading-relaxed", className)} {...rest} />;
}
