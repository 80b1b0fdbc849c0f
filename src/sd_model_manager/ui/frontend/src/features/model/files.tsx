import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Puzzle } from "lucide-react";
import type { ModelDetail } from "@/api/types";
import { Badge } from "@/components/badge";
import { CopyIconButton } from "@/components/copy-button";
import { ExportButton } from "@/components/export/export-button";
import { LocationRow } from "@/components/location-row";
import { Section } from "@/components/section";
import { Sidecars } from "@/features/model/sidecars";
import { useFormat } from "@/lib/format";

/** Where the model lies, each place once, and what other tools left beside it. */
export function Files({ model }: { model: ModelDetail }) {
  const { t } = useLingui();
  const format = useFormat();
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
          <LocationRow
            key={location.id}
            location={location}
            action={<CopyIconButton text={location.path} label={t`Copy the path`} />}
          />
        ))}
        {model.parts.map((part) => (
          <li key={part.filename} className="flex items-center gap-2.5 px-3 py-2 text-xs text-ink-soft">
            <Puzzle className="size-4 shrink-0 text-ink-faint" aria-hidden />
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{part.filename}</span>
            <span className="tabular-nums">{format.bytes(part.size_bytes)}</span>
          </li>
        ))}
        <Sidecars model={model} />
      </ul>
      <p className="text-xs text-ink-faint">
        <Trans>In the library since {format.date(model.added_at)}</Trans>
      </p>
      <ExportButton target={{ model_ids: [model.id] }} count={1} />
    </Section>
  );
}
