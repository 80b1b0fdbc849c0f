import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { CloudOff, FileX2, HardDrive } from "lucide-react";
import { useModel } from "@/api/models";
import type { Model, ModelDetail } from "@/api/types";
import { Badge } from "@/components/badge";
import { CopyIconButton } from "@/components/copy-button";
import { ModelRow } from "@/components/model-row";
import { Skeleton } from "@/components/skeleton";
import { useFormat } from "@/lib/format";
import { folderOf } from "@/lib/paths";

/** One content and every place it lies in. */
export function Copies({ model }: { model: Model }) {
  const format = useFormat();
  const detail = useModel(model.id);
  const places = model.duplicates + 1;
  return (
    <ModelRow
      model={model}
      aside={
        <span className="flex items-baseline gap-2 text-[13px]">
          <Badge tone="warn">
            <Plural value={places} one="# place" other="# places" />
          </Badge>
          <span className="tabular-nums">
            <Trans>{format.bytes(model.size_bytes * model.duplicates)} more than needed</Trans>
          </span>
        </span>
      }
    >
      {detail.isPending && <Skeleton className="mt-2 h-16" />}
      {detail.isError && (
        <p role="alert" className="mt-2 text-[13px] text-danger">
          {detail.error.message}
        </p>
      )}
      {detail.data && (
        <ul className="mt-2 divide-y rounded-xl border">
          {detail.data.locations.map((location) => (
            <Place key={location.id} location={location} />
          ))}
        </ul>
      )}
    </ModelRow>
  );
}

const PLACE_ICONS = { present: HardDrive, missing: FileX2, offline: CloudOff };

function Place({ location }: { location: ModelDetail["locations"][number] }) {
  const { t } = useLingui();
  const format = useFormat();
  const Icon = PLACE_ICONS[location.state];
  const states = { present: null, missing: t`Missing`, offline: t`Offline` };
  const folder = folderOf(location.path);
  return (
    <li className="flex items-start gap-2.5 py-1 pr-1 pl-3">
      <Icon className="mt-2 size-4 shrink-0 text-ink-faint" aria-hidden />
      <div className="min-w-0 flex-1 py-1">
        <p className="font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">{location.path}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-ink-faint tabular-nums">
          <span>{format.bytes(location.size_bytes)}</span>
          <span>{format.date(location.modified_at)}</span>
          {location.category === "archive" && (
            <span>
              <Trans>Archived</Trans>
            </span>
          )}
          {states[location.state] && <span className="font-medium text-warn">{states[location.state]}</span>}
        </p>
      </div>
      <CopyIconButton text={folder} label={t`Copy the path of the folder ${folder}`} />
    </li>
  );
}
