import { cn } from "@/lib/cn";

/** The look of a place, and of the button that shows the further ones. */
export function placeClass(isHere: boolean): string {
  return cn(
    "relative flex items-center justify-center gap-2 rounded-lg px-3 text-sm font-medium whitespace-nowrap text-ink-soft transition-colors hover:text-ink lg:max-xl:px-2.5",
    "max-sm:flex-col max-sm:gap-0.5 max-sm:px-1 max-sm:text-[11px]",
    "after:absolute after:inset-x-3 after:bottom-0 after:h-0.5 after:rounded-full sm:after:content-['']",
    isHere && "text-accent-ink hover:text-accent-ink sm:after:bg-accent-ink",
  );
}

const MOST = 999;

export function Count({ count, className }: { count: number; className?: string }) {
  if (count === 0) return null;
  return (
    <span
      className={cn(
        "rounded-full bg-accent px-1.5 text-[11px] leading-4.5 font-semibold text-on-accent tabular-nums",
        className,
      )}
    >
      {count > MOST ? `${MOST}+` : count}
    </span>
  );
}
