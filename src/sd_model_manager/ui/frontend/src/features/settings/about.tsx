import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { useHealth, useSettings } from "@/api/settings";
import { Panel } from "@/features/settings/panel";
import { useFormat } from "@/lib/format";

const DATABASE_NAMES = { sqlite: "SQLite", postgresql: "PostgreSQL" };

export function About() {
  const { data: health } = useHealth();
  const { data: settings } = useSettings();
  const format = useFormat();
  const shownOf = (key: string) => String(settings?.find((setting) => setting.key === key)?.value ?? "–");
  return (
    <Panel id="about" title={<Trans>About</Trans>}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
        <Fact name={<Trans>Version</Trans>}>{health?.version ?? "–"}</Fact>
        <Fact name={<Trans>Models known</Trans>}>{health?.models == null ? "–" : format.number(health.models)}</Fact>
        <Fact name={<Trans>Database</Trans>}>{health?.database ? DATABASE_NAMES[health.database] : "–"}</Fact>
        <Fact name={<Trans>Data folder</Trans>}>{shownOf("data_dir")}</Fact>
        <Fact name={<Trans>Log files</Trans>}>{shownOf("log_dir")}</Fact>
        <Fact name={<Trans>For programs</Trans>}>
          <a href="/docs" className="rounded text-accent-ink hover:underline">
            <Trans>API reference</Trans>
          </a>
        </Fact>
      </dl>
    </Panel>
  );
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="tabular-nums [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
