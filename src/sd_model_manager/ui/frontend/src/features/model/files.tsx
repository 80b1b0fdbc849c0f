import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { CloudOff, FileText, FileX2, HardDrive } from "lucide-react";
import type { ModelDetail } from "@/api/types";
import { Badge } from "@/components/badge";
import { CopyIconButton } from "@/components/copy-button";
import { Section } from "@/components/section";
import { useFormat } from "@/lib/format";

type Location = ModelDetail["locations"][number];

/** Where the model lies, each place once, and what other tools left beside it. */
export function Files({ model }: { model: ModelDetail }) {
  const present = model.locations.length;
  return (
    <Section
      title={<Trans>Files</Trans>}
      aside={
        present > 1 && (
          <Badge tone="warn">
            <Plural value={present} one="# copy" other="# copies" />
          </Badge>
        )
      }
    >
      <ul className="divide-y rounded-xl border">
        {model.locations.map((location) => (
          <Place key={location.id} location={location} />
        ))}
        {model.sidecars.map((sidecar) => (
          <li key={sidecar.filename} className="flex items-center gap-2.5 px-3 py-2 text-xs text-ink-faint">
            <FileText className="size-4 shrink-0" aria-hidden />
            <span className="min-w-0 truncate">{sidecar.filename}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const PLACE_ICONS = { present: HardDrive, missing: FileX2, offline: CloudOff };

function Place({ location }: { location: Location }) {
  const { t } = useLingui();
  const format = useFormat();
  const Icon = PLACE_ICONS[location.state];
  const states = { present: null, missing: t`Missing`, offline: t`Offline` };
  return (
    <li className="flex items-start gap-2.5 py-1.5 pr-1.5 pl-3">
      <Icon className="mt-2 size-4 shrink-0 text-ink-faint" aria-hidden />
      <div className="min-w-0 flex-1 py-1">
        <p className="font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">{location.path}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-ink-faint">
          <span>{format.date(location.modified_at)}</span>
          {location.category === "archive" && (
            <span>
              <Trans>Archived</Trans>
            </span>
          )}
          {states[location.state] && <span className="font-medium text-warn">{states[location.state]}</span>}
        </p>
      </div>
      <CopyIconButton text={location.path} label={t`Copy the path`} />
    </li>
  );
}
