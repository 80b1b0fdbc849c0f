import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const LOOKS = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover shadow-xs",
  plain: "border bg-surface text-ink hover:bg-raised",
  quiet: "text-ink-soft hover:bg-raised hover:text-ink",
  danger: "border border-danger/40 text-danger hover:bg-danger-soft",
};
const SIZES = {
  small: "h-8 px-3 text-[13px] gap-1.5 [&_svg]:size-3.5",
  normal: "h-9.5 px-4 text-sm gap-2 [&_svg]:size-4",
  icon: "size-9.5 [&_svg]:size-4.5",
  smallIcon: "size-8 [&_svg]:size-4",
};

interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof LOOKS;
  size?: keyof typeof SIZES;
}

export function buttonClass(look: keyof typeof LOOKS = "plain", size: keyof typeof SIZES = "normal"): string {
  return cn(
    "inline-flex shrink-0 items-center justify-center rounded-lg font-medium whitespace-nowrap transition-colors",
    "disabled:pointer-events-none disabled:opacity-50",
    LOOKS[look],
    SIZES[size],
  );
}

export function Button({ look, size, className, type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={cn(buttonClass(look, size), className)} {...rest} />;
}

/** A button that shows an icon alone; `label` is what it is called. */
export function IconButton({ label, look = "quiet", size = "icon", ...rest }: ButtonProps & { label: string }) {
  return <Button aria-label={label} title={label} look={look} size={size} {...rest} />;
}
