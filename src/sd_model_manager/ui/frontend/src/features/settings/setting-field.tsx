import { Trans, useLingui } from "@lingui/react/macro";
import { useId } from "react";
import { useChangeSettings } from "@/api/settings";
import type { Setting } from "@/api/types";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { LockedHint } from "@/features/settings/secret-setting";
import { SettingChoice, SettingChoices } from "@/features/settings/setting-choice";
import { useSettingName } from "@/features/settings/setting-names";
import { SettingSwitch } from "@/features/settings/setting-switch";
import { SettingText } from "@/features/settings/setting-text";
import { cn } from "@/lib/cn";
import { toast } from "@/lib/toast";

type Control = "switch" | "choice" | "choices" | "text";

/** The control that fits what a setting can be. */
function controlOf({ default: standard, choices }: Setting): Control {
  if (typeof standard === "boolean") return "switch";
  if (choices.length === 0) return "text";
  return Array.isArray(standard) ? "choices" : "choice";
}

/** One setting: what it is called, what it does, and the control for it. */
export function SettingField({ setting }: { setting: Setting }) {
  const { t } = useLingui();
  const id = useId();
  const labelId = useId();
  const change = useChangeSettings({ showsError: true });
  const save = (value: unknown) =>
    change.mutate(
      { [setting.key]: value },
      { onSuccess: () => toast.success(t`Saved`, { id: `saved ${setting.key}` }) },
    );
  const control = controlOf(setting);
  const isDefault = JSON.stringify(setting.value) === JSON.stringify(setting.default);
  const named = useSettingName(setting);
  const Label = control === "choices" ? "span" : "label";
  return (
    <div
      className={cn(
        "flex gap-x-6 gap-y-2 py-3.5 first:pt-0 last:pb-0",
        control === "switch" ? "items-start" : "flex-wrap items-center",
      )}
    >
      <div className="min-w-0 flex-1 basis-64">
        <div className="flex flex-wrap items-center gap-2">
          <Label id={labelId} htmlFor={control === "choices" ? undefined : id} className="text-sm font-medium">
            {named.label}
          </Label>
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
      <div
        className={cn(
          "flex shrink-0 items-center gap-2",
          control === "choices" ? "w-full" : control !== "switch" && "max-sm:w-full",
        )}
      >
        {control === "switch" && (
          <SettingSwitch id={id} isOn={Boolean(setting.value)} isLocked={setting.is_locked} onChange={save} />
        )}
        {control === "choice" && <SettingChoice id={id} setting={setting} onSave={save} />}
        {control === "choices" && <SettingChoices labelId={labelId} setting={setting} onSave={save} />}
        {control === "text" && (
          <SettingText key={JSON.stringify(setting.value)} id={id} setting={setting} onSave={save} />
        )}
        {!isDefault && !setting.is_locked && (control === "text" || control === "choice") && (
          <Button look="quiet" size="small" onClick={() => save(null)}>
            <Trans>Default</Trans>
          </Button>
        )}
      </div>
    </div>
  );
}
