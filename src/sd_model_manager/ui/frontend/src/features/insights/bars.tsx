import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { Share } from "@/api/statistics";
import { Card } from "@/features/insights/card";
import { amountOf, type Measure } from "@/features/insights/measure";
import { useFormat } from "@/lib/format";

interface BarsProps {
  title: ReactNode;
  shares: Share[];
  measure: Measure;
  nameOf: (value: string | null) => string;
  /** Says why there are none. */
  none?: ReactNode;
  linkTo: (value: string | null, shares: Share[]) => string;
}

const SHOWN = 8;

/** One bar per value, the longest first; each leads to its models. */
export function Bars({ title, shares, measure, nameOf, none, linkTo }: BarsProps) {
  const [isWhole, setIsWhole] = useState(false);
  const sorted = shares.toSorted((one, other) => amountOf(other, measure) - amountOf(one, measure));
  const longest = Math.max(1, ...sorted.map((share) => amountOf(share, measure)));
  const hidden = sorted.length - SHOWN;
  return (
    <Card title={title}>
      {sorted.length === 0 && <p className="text-[13px] leading-relaxed text-ink-soft">{none}</p>}
      <ul className="-mx-2 space-y-0.5">
        {sorted.slice(0, isWhole ? undefined : SHOWN).map((share) => (
          <Bar
            key={share.value ?? ""}
            share={share}
            measure={measure}
            part={amountOf(share, measure) / longest}
            name={nameOf(share.value)}
            to={linkTo(share.value, shares)}
          />
        ))}
      </ul>
      {hidden > 0 && (
        <button
          type="button"
          aria-expanded={isWhole}
          onClick={() => setIsWhole(!isWhole)}
          className="mt-2 rounded text-[13px] font-medium text-accent-ink hover:underline"
        >
          {isWhole ? <Trans>Show fewer</Trans> : <Trans>Show {hidden} more</Trans>}
        </button>
      )}
    </Card>
  );
}

interface BarProps {
  share: Share;
  measure: Measure;
  /** Of the longest bar, 0 to 1. */
  part: number;
  name: string;
  to: string;
}

function Bar({ share, measure, part, name, to }: BarProps) {
  const format = useFormat();
  const size = format.bytes(share.size_bytes);
  const count = format.number(share.count);
  return (
    <li>
      <Link to={to} className="block rounded-lg px-2 py-1.5 hover:bg-raised">
        <span className="flex items-baseline justify-between gap-3 text-[13px]">
          <span className="truncate font-medium">{name}</span>
          <span className="flex shrink-0 items-baseline gap-2.5 tabular-nums">
            <span className="text-xs text-ink-faint">{measure === "size" ? count : size}</span>
            <span>{measure === "size" ? size : count}</span>
          </span>
        </span>
        <svg aria-hidden="true" className="mt-1 block h-1.5 w-full rounded-full bg-raised">
          <rect width={`${Math.max(0.5, part * 100)}%`} height="100%" rx={3} className="fill-accent" />
        </svg>
      </Link>
    </li>
  );
}
