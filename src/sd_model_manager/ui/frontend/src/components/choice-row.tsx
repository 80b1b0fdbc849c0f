import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

interface ChoiceRowProps {
  isChosen: boolean;
  onToggle: () => void;
  /** What is said of the choice at the end of the row. */
  aside?: ReactNode;
  children: ReactNode;
}

/** One of several values of a filter, to be ticked. */
export function ChoiceRow({ isChosen, onToggle, aside, children }: ChoiceRowProps) {
  return (
    <label
      className={cn(
        "flex cursor-pointer items-center gap-2 rounded-lg px-2 py-1.5 text-[13px] text-ink-soft transition-colors hover:bg-raised hover:text-ink",
        "has-focus-visible:outline-2 has-focus-visible:outline-accent-ink",
        isChosen && "bg-accent-soft font-medium text-accent-ink hover:bg-accent-soft hover:text-accent-ink",
      )}
    >
      <input type="checkbox" checked={isChosen} onChange={onToggle} className="sr-only" />
      <span
        aria-hidden
        className={cn(
          "grid size-4 shrink-0 place-items-center rounded-[5px] border border-line-strong",
          isChosen && "border-accent bg-accent text-on-accent",
        )}
      >
        {isChosen && <Check className="size-3" strokeWidth={3} />}
      </span>
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {aside !== undefined && <span className="text-xs text-ink-faint tabular-nums">{aside}</span>}
    </label>
  );
}
