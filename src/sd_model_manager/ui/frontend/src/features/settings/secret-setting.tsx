import { Trans, useLingui } from "@lingui/react/macro";
import { Check, Lock } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { type KeySource, useChangeSettings } from "@/api/settings";
import type { Setting } from "@/api/types";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { Input } from "@/components/field";
import { KeyCheck } from "@/features/settings/key-check";
import { toast } from "@/lib/toast";

interface SecretSettingProps {
  setting: Setting;
  label: string;
  hint: ReactNode;
  /** The site that can say whether the key is one of its own. */
  source?: KeySource | undefined;
}

/** A key that can be set, replaced and removed, but never read back. */
export function SecretSetting({ setting, label, hint, source }: SecretSettingProps) {
  const { t } = useLingui();
  const [value, setValue] = useState("");
  const change = useChangeSettings();
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { [setting.key]: value.trim() },
      {
        onSuccess: () => {
          setValue("");
          toast.success(t`Key saved`);
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <div className="flex flex-wrap items-center gap-2">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        <SecretState setting={setting} />
      </div>
      <p className="mt-0.5 mb-2 text-[13px] leading-relaxed text-ink-soft">{hint}</p>
      {setting.is_locked ? (
        <LockedHint />
      ) : (
        <div className="flex flex-wrap gap-2">
          <Input
            id={id}
            type="password"
            autoComplete="off"
            className="min-w-0 flex-1 basis-48"
            placeholder={setting.is_set ? t`Paste a new key to replace it` : t`Paste the key`}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
          <Button type="submit" disabled={value.trim() === "" || change.isPending}>
            <Trans>Save</Trans>
          </Button>
          {setting.is_set && (
            <Button look="quiet" disabled={change.isPending} onClick={() => change.mutate({ [setting.key]: null })}>
              <Trans>Remove</Trans>
            </Button>
          )}
        </div>
      )}
      {source && setting.is_set && <KeyCheck source={source} />}
    </form>
  );
}

function SecretState({ setting }: { setting: Setting }) {
  if (!setting.is_set) {
    return (
      <Badge>
        <Trans>Not set</Trans>
      </Badge>
    );
  }
  return (
    <Badge tone="good">
      {setting.is_locked ? <Lock aria-hidden /> : <Check aria-hidden />}
      <Trans>Set</Trans>
    </Badge>
  );
}

export function LockedHint() {
  return (
    <p className="flex items-center gap-1.5 text-xs text-ink-faint">
      <Lock className="size-3.5 shrink-0" aria-hidden />
      <Trans>Set where the server is started (environment, .env file or command line); change it there.</Trans>
    </p>
  );
}
