import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

interface ChoiceMenuProps<Value extends string> {
  trigger: ReactNode;
  label: string;
  value: Value;
  choices: readonly { value: Value; label: string }[];
  onChoose: (value: Value) => void;
}

/** A menu of which one entry holds. */
export function ChoiceMenu<Value extends string>({ trigger, label, value, choices, onChoose }: ChoiceMenuProps<Value>) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-50 min-w-52 animate-[rise-in_.12s_ease-out] rounded-xl border bg-surface p-1.5 shadow-float"
        >
          <DropdownMenu.Label className="px-2.5 pt-1 pb-1.5 text-xs font-medium text-ink-faint">
            {label}
          </DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={value} onValueChange={(chosen) => onChoose(chosen as Value)}>
            {choices.map((choice) => (
              <DropdownMenu.RadioItem
                key={choice.value}
                value={choice.value}
                className="flex items-center justify-between gap-6 rounded-lg px-2.5 py-2 text-sm outline-none data-highlighted:bg-raised data-[state=checked]:font-medium data-[state=checked]:text-accent-ink"
              >
                {choice.label}
                <DropdownMenu.ItemIndicator>
                  <Check className="size-4" aria-hidden />
                </DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
