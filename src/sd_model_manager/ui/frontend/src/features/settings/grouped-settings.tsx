import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { useSettings } from "@/api/settings";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";
import { MatureLock } from "@/features/settings/mature-lock";
import { Panel } from "@/features/settings/panel";
import { SettingField } from "@/features/settings/setting-field";
import { groupSettings } from "@/features/settings/setting-groups";
import { WriteSidecars } from "@/features/settings/write-sidecars";

/** The fields of one group, without its heading; nothing while there are none. */
export function GroupFields({ id }: { id: string }) {
  const settings = useSettings();
  if (settings.isPending) return <Skeleton className="h-24" />;
  const group = groupSettings(settings.data ?? []).find((known) => known.id === id);
  return group?.settings.map((setting) => <SettingField key={setting.key} setting={setting} />);
}

/** Every setting that can be changed while the server runs, also those the page has no words of its own for. */
export function GroupedSettings() {
  const { t } = useLingui();
  const settings = useSettings();
  const groups = useMemo(() => groupSettings(settings.data ?? []), [settings.data]);
  if (settings.isPending) return <Skeleton className="h-64 rounded-2xl" />;
  if (settings.isLoadingError) return <ErrorNotice error={settings.error} onRetry={() => void settings.refetch()} />;
  return groups.map((group) => (
    <Panel key={group.id} id={group.id} title={t(group.title)}>
      <div className="divide-y">
        {group.settings.map((setting) => (
          <SettingField key={setting.key} setting={setting} />
        ))}
      </div>
      {group.id === "mature" && <MatureLock />}
      {group.id === "sidecars" && <WriteSidecars />}
    </Panel>
  ));
}
