import type { Setting } from "@/api/types";
import { fieldClass } from "@/components/field";
import { useChoiceName } from "@/features/settings/setting-names";
import { cn } from "@/lib/cn";

interface ChoiceProps {
  id: string;
  setting: Setting;
  onSave: (value: unknown) => void;
}

/** A setting that is one of a few values. */
export function SettingChoice({ id, setting, onSave }: ChoiceProps) {
  const choiceName = useChoiceName();
  return (
    <select
      id={id}
      value={String(setting.value)}
      disabled={setting.is_locked}
      onChange={(event) => onSave(event.target.value)}
      className={cn(fieldClass, "h-9.5 cursor-pointer px-3 text-sm")}
    >
      {setting.choices.map((choice) => (
        <option key={choice} value={choice} className="bg-surface text-ink">
          {choiceName(choice)}
        </option>
      ))}
    </select>
  );
}

interface ChoicesProps {
  labelId: string;
  setting: Setting;
  onSave: (value: string[]) => void;
}

/** A setting that is any number of a few values. */
export function SettingChoices({ labelId, setting, onSave }: ChoicesProps) {
  const choiceName = useChoiceName();
  const chosen = Array.isArray(setting.value) ? setting.value.map(String) : [];
  const toggle = (choice: string, isOn: boolean) =>
    onSave(setting.choices.filter((known) => (known === choice ? isOn : chosen.includes(known))));
  return (
    <fieldset aria-labelledby={labelId} className="grid w-full gap-x-6 gap-y-1 sm:grid-cols-2">
      {setting.choices.map((choice) => (
        <label key={choice} className="flex items-center gap-2.5 rounded-lg py-1 text-sm">
          <input
            type="checkbox"
            className="size-4 shrink-0 accent-accent"
            checked={chosen.includes(choice)}
            disabled={setting.is_locked}
            onChange={(event) => toggle(choice, event.target.checked)}
          />
          {choiceName(choice)}
        </label>
      ))}
    </fieldset>
  );
}
