import type { LucideIcon } from "lucide-react";
import { fieldClass } from "@/components/field";
import { cn } from "@/lib/cn";

interface SelectProps<Value extends string> {
  icon: LucideIcon;
  label: string;
  value: Value;
  choices: readonly { value: Value; label: string }[];
  onChoose: (value: Value) => void;
}

/** One of several values, in the menu of the system; on a phone it shows its icon alone. */
export function Select<Value extends string>({ icon: Icon, label, value, choices, onChoose }: SelectProps<Value>) {
  return (
    <div className="relative shrink-0">
      <Icon
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-soft max-sm:left-1/2 max-sm:-translate-x-1/2"
        aria-hidden
      />
      <select
        aria-label={label}
        title={label}
        value={value}
        onChange={(event) => onChoose(event.target.value as Value)}
        className={cn(
          fieldClass,
          "h-9.5 cursor-pointer appearance-none border-line pr-3 pl-9 text-sm font-medium hover:bg-raised max-sm:w-10 max-sm:px-0 max-sm:text-transparent",
        )}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} className="bg-surface text-ink">
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
