import { Trans } from "@lingui/react/macro";
import { useSettings } from "@/api/settings";
import { Skeleton } from "@/components/skeleton";
import { ErrorState } from "@/components/states";
import { Panel } from "@/features/settings/panel";
import { SettingField } from "@/features/settings/setting-field";

/** Every further setting that can be changed while the server runs. */
export function PlainSettings() {
  const settings = useSettings();
  const editable = settings.data?.filter((setting) => setting.is_editable && !setting.is_secret) ?? [];
  if (settings.isSuccess && editable.length === 0) return null;
  return (
    <Panel title={<Trans>Preferences</Trans>}>
      {settings.isPending && <Skeleton className="h-40" />}
      {settings.isError && <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />}
      <div className="divide-y">
        {editable.map((setting) => (
          <SettingField key={setting.key} setting={setting} />
        ))}
      </div>
    </Panel>
  );
}
