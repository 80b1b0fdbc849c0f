import { Switch } from "radix-ui";

interface SettingSwitchProps {
  id: string;
  isOn: boolean;
  isLocked: boolean;
  onChange: (value: boolean) => void;
}

export function SettingSwitch({ id, isOn, isLocked, onChange }: SettingSwitchProps) {
  return (
    <Switch.Root
      id={id}
      checked={isOn}
      disabled={isLocked}
      onCheckedChange={onChange}
      className="h-6.5 w-11 rounded-full bg-line-strong p-0.5 transition-colors disabled:opacity-50 data-[state=checked]:bg-accent"
    >
      <Switch.Thumb className="block size-5.5 rounded-full bg-white shadow-sm transition-transform data-[state=checked]:translate-x-4.5" />
    </Switch.Root>
  );
}
