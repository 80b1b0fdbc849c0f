import { useLingui } from "@lingui/react/macro";
import { Check } from "lucide-react";
import type { CSSProperties } from "react";
import { cn } from "@/lib/cn";

export const selectBoxClass =
  "peer size-4.5 cursor-pointer appearance-none rounded-md border border-line-strong bg-surface " +
  "checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent";
export const selectMarkClass =
  "pointer-events-none absolute size-3.5 text-white opacity-0 peer-checked:opacity-100 peer-indeterminate:opacity-100";

interface SelectBoxProps {
  name: string;
  isSelected: boolean;
  /** Whether it lies on a picture, of which nobody knows how light it is. */
  isOnPicture?: boolean;
  className?: string;
  style?: CSSProperties;
}

/**
 * Selects a model; it comes up with the pointer, with the focus, and while anything is selected; under a finger, which
 * cannot come near, it stays. The list takes the clicks, and Space does the same on the card, so that the Tab key has
 * one stop per model.
 */
export function SelectBox({ name, isSelected, isOnPicture = false, className, style }: SelectBoxProps) {
  const { t } = useLingui();
  return (
    <span
      style={style}
      className={cn(
        "grid size-6.5 place-items-center opacity-0 transition-opacity",
        "group-focus-within/card:opacity-100 group-hover/card:opacity-100 group-data-[selecting=true]/list:opacity-100",
        "pointer-coarse:opacity-75",
        className,
      )}
    >
      <input
        type="checkbox"
        data-select
        readOnly
        tabIndex={-1}
        checked={isSelected}
        aria-label={t`Select ${name}`}
        className={cn(
          selectBoxClass,
          isOnPicture && "size-6.5 border-2 border-white bg-black/55 shadow-sm checked:border-white",
        )}
      />
      <Check aria-hidden strokeWidth={3} className={selectMarkClass} />
    </span>
  );
}
