import { Trans } from "@lingui/react/macro";
import { Copy, HardDrive, Images, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { Statistics } from "@/api/statistics";
import { useFormat } from "@/lib/format";

/** The few figures to begin with, each leading to what it counts. */
export function Totals({ statistics }: { statistics: Statistics }) {
  const format = useFormat();
  const states = statistics.shares.state ?? [];
  const away = states.filter((share) => share.value !== "present").reduce((sum, share) => sum + share.count, 0);
  return (
    <ul className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
      <Figure to="/" icon={Images} label={<Trans>Models</Trans>} value={format.number(statistics.total_count)} />
      <Figure
        to="/?sort=-size_bytes"
        icon={HardDrive}
        label={<Trans>Size of all models</Trans>}
        value={format.bytes(statistics.total_bytes)}
      />
      <Figure
        to="/duplicates"
        icon={Copy}
        label={<Trans>Taken by further copies</Trans>}
        value={format.bytes(statistics.copies_bytes)}
      />
      <Figure to="/health" icon={TriangleAlert} label={<Trans>Missing or offline</Trans>} value={format.number(away)} />
    </ul>
  );
}

interface FigureProps {
  to: string;
  icon: LucideIcon;
  label: ReactNode;
  value: string;
}

function Figure({ to, icon: Icon, label, value }: FigureProps) {
  return (
    <li>
      <Link
        to={to}
        className="flex h-full flex-col rounded-2xl border bg-surface p-4 shadow-xs transition-colors hover:border-accent-ink sm:p-5"
      >
        <span className="flex items-start gap-2 text-[13px] text-ink-soft">
          <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
          {label}
        </span>
        <span className="mt-auto pt-2 text-2xl font-semibold tracking-tight tabular-nums">{value}</span>
      </Link>
    </li>
  );
}
