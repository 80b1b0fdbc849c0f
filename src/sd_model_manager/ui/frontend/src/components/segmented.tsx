import { type ReactNode, useId } from "react";

interface SegmentedProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly { value: Value; label: string; icon?: ReactNode }[];
  onChoose: (value: Value) => void;
}

/** A few choices side by side, of which one holds. A choice with an icon shows it instead of its label. */
export function Segmented<Value extends string>({ label, value, choices, onChoose }: SegmentedProps<Value>) {
  const name = useId();
  return (
    <fieldset className="inline-flex h-9.5 items-center gap-0.5 rounded-lg border bg-raised p-0.5">
      <legend className="sr-only">{label}</legend>
      {choices.map((choice) => (
        <label
          key={choice.value}
          title={choice.icon ? choice.label : undefined}
          className="relative inline-flex h-full cursor-pointer items-center rounded-md px-2.5 text-sm text-ink-soft transition-colors hover:text-ink has-checked:bg-surface has-checked:font-medium has-checked:text-ink has-checked:shadow-xs has-focus-visible:outline-2 has-focus-visible:outline-accent-ink [&_svg]:size-4"
        >
          <input
            type="radio"
            name={name}
            aria-label={choice.label}
            checked={choice.value === value}
            onChange={() => onChoose(choice.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {choice.icon ?? choice.label}
        </label>
      ))}
    </fieldset>
  );
}
