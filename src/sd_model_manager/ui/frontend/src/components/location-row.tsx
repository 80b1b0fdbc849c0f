import { Trans, useLingui } from "@lingui/react/macro";
import { CloudOff, FileX2, HardDrive } from "lucide-react";
import type { ReactNode } from "react";
import type { ModelDetail } from "@/api/types";
import { useFormat } from "@/lib/format";

const ICONS = { present: HardDrive, missing: FileX2, offline: CloudOff };

interface LocationRowProps {
  location: ModelDetail["locations"][number];
  /** What can be done with it. */
  action: ReactNode;
}

/** One place where a content lies, as a line of a list. */
export function LocationRow({ location, action }: LocationRowProps) {
  const { t } = useLingui();
  const format = useFormat();
  const Icon = ICONS[location.state];
  const states = { present: null, missing: t`Missing`, offline: t`Offline` };
  return (
    <li className="flex items-start gap-2.5 py-1 pr-1 pl-3">
      <Icon className="mt-2 size-4 shrink-0 text-ink-faint" aria-hidden />
      <div className="min-w-0 flex-1 py-1">
        <p className="font-mono text-xs leading-relaxed [overflow-wrap:anywhere]">{location.path}</p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-ink-faint tabular-nums">
          <span>{format.bytes(location.size_bytes)}</span>
          <span>
            <Trans>Changed {format.date(location.modified_at)}</Trans>
          </span>
          {location.category === "archive" && (
            <span>
              <Trans>Archived</Trans>
            </span>
          )}
          {states[location.state] && <span className="font-medium text-warn">{states[location.state]}</span>}
        </p>
      </div>
      {action}
    </li>
  );
}
