import { Trans, useLingui } from "@lingui/react/macro";
import { useId, useState } from "react";
import type { Setting } from "@/api/types";
import { Input, TextArea } from "@/components/field";
import { type Unit, useSettingName } from "@/features/settings/setting-names";
import { cn } from "@/lib/cn";

interface SettingTextProps {
  id: string;
  setting: Setting;
  onSave: (value: unknown) => void;
}

/** A number, a text, or a list with one entry per line; saved when the field is left. */
export function SettingText({ id, setting, onSave }: SettingTextProps) {
  const { t } = useLingui();
  const { unit, exampleOf } = useSettingName(setting);
  const isNumber = typeof setting.default === "number";
  const shown = showValue(setting.value, unit);
  const [text, setText] = useState(shown);
  const [refusal, setRefusal] = useState<string | null>(null);
  const refusalId = useId();
  const { minimum, maximum } = setting;
  const save = () => {
    const value = readValue(text, setting, unit);
    const isOutside = typeof value === "number" && !(value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity));
    setRefusal(
      isOutside ? t`Choose a number from ${scaled(minimum, unit) ?? "–∞"} to ${scaled(maximum, unit) ?? "∞"}.` : null,
    );
    if (!isOutside && text !== shown) onSave(value);
  };
  const shared = {
    id,
    spellCheck: false,
    disabled: setting.is_locked,
    value: text,
    onBlur: save,
    "aria-invalid": refusal !== null,
    "aria-describedby": refusal === null ? undefined : refusalId,
  };
  if (Array.isArray(setting.default)) {
    return (
      <TextArea
        {...shared}
        rows={Math.min(8, Math.max(2, text.split("\n").length))}
        onChange={(event) => setText(event.target.value)}
        className="w-80 max-w-full max-sm:flex-1"
      />
    );
  }
  return (
    <span className={cn("relative", isNumber ? undefined : "max-sm:flex-1")}>
      <Input
        {...shared}
        type={isNumber ? "number" : "text"}
        min={scaled(setting.minimum, unit)}
        max={scaled(setting.maximum, unit)}
        step="any"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        className={cn(isNumber ? "w-32 tabular-nums" : "w-80 max-w-full max-sm:w-full", unit && "pr-15")}
      />
      {refusal && (
        <span id={refusalId} role="alert" className="mt-1 block w-32 text-[13px] text-danger">
          {refusal}
        </span>
      )}
      {exampleOf && (
        <span className="mt-1 block text-xs [overflow-wrap:anywhere] text-ink-faint sm:w-80">
          <Trans>Such as {exampleOf(text)}</Trans>
        </span>
      )}
      {unit && (
        <span className="pointer-events-none absolute top-0 right-3 flex h-9.5 items-center text-[13px] text-ink-soft">
          {t(unit.symbol)}
        </span>
      )}
    </span>
  );
}

function scaled(value: number | null, unit: Unit | undefined): number | undefined {
  if (value === null) return undefined;
  return value / (unit?.size ?? 1);
}

export function showValue(value: unknown, unit?: Unit): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value / (unit?.size ?? 1));
  return Array.isArray(value) ? value.join("\n") : String(value);
}

/** What a typed text means for this setting; an empty one goes back to the default. */
export function readValue(text: string, setting: Setting, unit?: Unit): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (typeof setting.default === "number") {
    const value = Number(trimmed) * (unit?.size ?? 1);
    return unit ? Math.round(value) : value;
  }
  if (!Array.isArray(setting.default)) return trimmed;
  return trimmed
    .split("\n")
    .map((entry) => entry.trim())
    .filter(Boolean);
}
