import { Trans, useLingui } from "@lingui/react/macro";
import { Switch } from "radix-ui";
import { useId, useState } from "react";
import { toast } from "sonner";
import { useChangeSettings } from "@/api/settings";
import type { Setting } from "@/api/types";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { Input } from "@/components/field";
import { LockedHint } from "@/features/settings/secret-setting";
import { useSettingName } from "@/features/settings/setting-names";
import { cn } from "@/lib/cn";

/** One setting, with the control that fits its value: a switch, a number, or a text (a list: one entry per comma). */
export function SettingField({ setting }: { setting: Setting }) {
  const { t } = useLingui();
  const id = useId();
  const change = useChangeSettings();
  const save = (value: unknown) =>
    change.mutate(
      { [setting.key]: value },
      { onSuccess: () => toast.success(t`Saved`, { id: `saved ${setting.key}` }) },
    );
  const isSwitch = typeof setting.default === "boolean";
  const isDefault = JSON.stringify(setting.value) === JSON.stringify(setting.default);
  const named = useSettingName(setting);
  return (
    <div
      className={cn(
        "flex flex-wrap gap-x-6 gap-y-2 py-3.5 first:pt-0 last:pb-0",
        isSwitch ? "items-start" : "items-center",
      )}
    >
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex flex-wrap items-center gap-2">
          <label htmlFor={id} className="text-sm font-medium">
            {named.label}
          </label>
          {setting.needs_restart && (
            <Badge>
              <Trans>After a restart</Trans>
            </Badge>
          )}
        </div>
        <p className="mt-0.5 text-[13px] leading-relaxed text-ink-soft">{named.hint}</p>
        {setting.is_locked && <LockedHint />}
        {change.isError && (
          <p role="alert" className="mt-1 text-[13px] text-danger">
            {change.error.message}
          </p>
        )}
      </div>
      <div className="flex shrink-0 items-center gap-2 max-sm:w-full">
        {isSwitch ? (
          <SettingSwitch id={id} isOn={Boolean(setting.value)} isLocked={setting.is_locked} onChange={save} />
        ) : (
          <SettingText key={JSON.stringify(setting.value)} id={id} setting={setting} onSave={save} />
        )}
        {!isDefault && !setting.is_locked && !isSwitch && (
          <Button look="quiet" size="small" onClick={() => save(null)}>
            <Trans>Default</Trans>
          </Button>
        )}
      </div>
    </div>
  );
}

interface SettingSwitchProps {
  id: string;
  isOn: boolean;
  isLocked: boolean;
  onChange: (value: boolean) => void;
}

function SettingSwitch({ id, isOn, isLocked, onChange }: SettingSwitchProps) {
  return (
    <Switch.Root
      id={id}
      checked={isOn}
      disabled={isLocked}
      onCheckedChange={onChange}
      className="h-6 w-10.5 rounded-full bg-line-strong p-0.5 transition-colors disabled:opacity-50 data-[state=checked]:bg-accent"
    >
      <Switch.Thumb className="block size-5 rounded-full bg-white shadow-sm transition-transform data-[state=checked]:translate-x-4.5" />
    </Switch.Root>
  );
}

interface SettingTextProps {
  id: string;
  setting: Setting;
  onSave: (value: unknown) => void;
}

function SettingText({ id, setting, onSave }: SettingTextProps) {
  const isNumber = typeof setting.default === "number";
  const shown = showValue(setting.value);
  const [text, setText] = useState(shown);
  const save = () => {
    if (text !== shown) onSave(readValue(text, setting));
  };
  return (
    <Input
      id={id}
      type={isNumber ? "number" : "text"}
      step="any"
      spellCheck={false}
      disabled={setting.is_locked}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      className={isNumber ? "w-28 tabular-nums" : "w-64 max-w-full max-sm:flex-1"}
    />
  );
}

export function showValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** What a typed text means for this setting; an empty one goes back to the default. */
export function readValue(text: string, setting: Setting): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (typeof setting.default === "number") return Number(trimmed);
  if (Array.isArray(setting.default) || Array.isArray(setting.value)) {
    return trimmed
      .split(",")
      .map((entry) => entry.trim())
      .filter(Boolean);
  }
  return trimmed;
}
