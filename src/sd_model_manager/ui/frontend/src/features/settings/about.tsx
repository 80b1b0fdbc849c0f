import { Trans } from "@lingui/react/macro";
import { useHealth } from "@/api/settings";
import { Panel } from "@/features/settings/panel";
import { useFormat } from "@/lib/format";

const DATABASE_NAMES = { sqlite: "SQLite", postgresql: "PostgreSQL" };

export function About() {
  const { data: health } = useHealth();
  const format = useFormat();
  return (
    <Panel title={<Trans>About</Trans>}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
        <dt className="text-ink-faint">
          <Trans>Version</Trans>
        </dt>
        <dd className="tabular-nums">{health?.version ?? "–"}</dd>
        <dt className="text-ink-faint">
          <Trans>Models known</Trans>
        </dt>
        <dd className="tabular-nums">{health?.models == null ? "–" : format.number(health.models)}</dd>
        <dt className="text-ink-faint">
          <Trans>Database</Trans>
        </dt>
        <dd>{health?.database ? DATABASE_NAMES[health.database] : "–"}</dd>
        <dt className="text-ink-faint">
          <Trans>For programs</Trans>
        </dt>
        <dd>
          <a href="/docs" className="rounded text-accent-ink hover:underline">
            <Trans>API reference</Trans>
          </a>
        </dd>
      </dl>
    </Panel>
  );
}
