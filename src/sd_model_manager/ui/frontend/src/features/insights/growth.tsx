import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { Link } from "react-router";
import type { Share } from "@/api/statistics";
import { Card } from "@/features/insights/card";
import { amountOf, type Measure } from "@/features/insights/measure";
import { accumulate, type Month } from "@/features/insights/months";
import { useFormat } from "@/lib/format";
import { libraryLink, term } from "@/lib/library-link";
import { useWidth } from "@/lib/use-width";

const HEIGHT = 220;
const FOOT = 22;
const HEAD = 18;
const WIDEST = 72;
/** Room for the name of a month. */
const NAME_WIDTH = 64;

/** How the library grew: a column per month, of which the upper part came in that month. */
export function Growth({ growth, measure }: { growth: Share[]; measure: Measure }) {
  const { t } = useLingui();
  const [box, width] = useWidth<HTMLDivElement>();
  const months = useMemo(() => accumulate(growth), [growth]);
  const step = Math.min(WIDEST, width / Math.max(1, months.length));
  const highest = amountOf(months.at(-1)?.total ?? { count: 1, size_bytes: 1 }, measure) || 1;
  const everyNth = Math.ceil(NAME_WIDTH / Math.max(1, step));
  return (
    <Card
      title={<Trans>Growth</Trans>}
      aside={
        <p className="flex items-center gap-3 text-xs text-ink-soft">
          <Legend className="bg-accent" label={<Trans>Added in the month</Trans>} />
          <Legend className="bg-line-strong" label={<Trans>Before</Trans>} />
        </p>
      }
    >
      <div ref={box}>
        {width > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: an SVG has no other way to say that it groups links.
          <svg width={width} height={HEIGHT} role="group" aria-label={t`Growth by month`} className="block">
            <line x2={width} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} className="stroke-line" />
            {months.map((month, index) => (
              <Column
                key={month.month}
                month={month}
                measure={measure}
                highest={highest}
                x={index * step}
                width={step}
                isNamed={(months.length - 1 - index) % everyNth === 0}
                isLast={index === months.length - 1}
              />
            ))}
          </svg>
        )}
      </div>
      <MonthTable months={months} />
    </Card>
  );
}

function Legend({ className, label }: { className: string; label: React.ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden className={`size-2.5 rounded-sm ${className}`} />
      {label}
    </span>
  );
}

interface ColumnProps {
  month: Month;
  measure: Measure;
  highest: number;
  x: number;
  width: number;
  isNamed: boolean;
  isLast: boolean;
}

function Column({ month, measure, highest, x, width, isNamed, isLast }: ColumnProps) {
  const { t } = useLingui();
  const format = useFormat();
  const show = (part: Month["total"]) =>
    measure === "size" ? format.bytes(part.size_bytes) : format.number(part.count);
  const scale = (HEIGHT - FOOT - HEAD) / highest;
  const total = amountOf(month.total, measure) * scale;
  const added = amountOf(month.added, measure) * scale;
  const foot = HEIGHT - FOOT;
  const gap = Math.min(4, width * 0.2);
  const bar = { x: x + gap / 2, width: Math.max(1, width - gap) };
  const name = format.month(month.month);
  const description = t`${name}: ${show(month.total)}, of which ${show(month.added)} were added`;
  return (
    <g>
      <title>{description}</title>
      <Link to={libraryLink({ q: term("added", month.month) })} aria-label={description} className="group outline-none">
        <rect x={x} width={width} height={foot} className="fill-transparent" />
        <rect {...bar} y={foot - total + added} height={Math.max(0, total - added)} className="fill-line-strong" />
        <rect
          {...bar}
          y={foot - total}
          height={Math.max(added > 0 ? 1 : 0, added)}
          className="fill-accent group-hover:fill-accent-hover"
        />
        <rect
          {...bar}
          y={foot - total}
          height={total}
          rx={2}
          className="fill-none stroke-transparent stroke-2 group-hover:stroke-ink group-focus-visible:stroke-ink"
        />
        {isLast && (
          <text
            x={bar.x + bar.width}
            y={foot - total - 5}
            textAnchor={x > 40 ? "end" : "start"}
            dx={x > 40 ? 0 : -bar.width}
            className="fill-ink text-xs font-medium tabular-nums"
          >
            {show(month.total)}
          </text>
        )}
        {isNamed && (
          <text
            x={isLast && x > 40 ? x + width : x + gap / 2}
            y={HEIGHT - 6}
            textAnchor={isLast && x > 40 ? "end" : "start"}
            className="fill-ink-faint text-[11px]"
          >
            {name}
          </text>
        )}
      </Link>
    </g>
  );
}

function MonthTable({ months }: { months: Month[] }) {
  const format = useFormat();
  return (
    <details className="mt-3">
      <summary className="inline-block cursor-pointer rounded text-[13px] text-ink-soft hover:text-ink">
        <Trans>As a table</Trans>
      </summary>
      <table className="mt-3 w-full text-left text-[13px]">
        <thead className="text-xs text-ink-faint">
          <tr>
            <th scope="col" className="py-1.5 pr-3 font-medium">
              <Trans>Month</Trans>
            </th>
            <th scope="col" className="py-1.5 pr-3 text-right font-medium">
              <Trans>Added</Trans>
            </th>
            <th scope="col" className="py-1.5 pr-3 text-right font-medium">
              <Trans>Models</Trans>
            </th>
            <th scope="col" className="py-1.5 text-right font-medium">
              <Trans>Size</Trans>
            </th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {months.toReversed().map(({ month, added, total }) => (
            <tr key={month}>
              <td className="py-1.5 pr-3">{format.month(month)}</td>
              <td className="py-1.5 pr-3 text-right tabular-nums">{format.number(added.count)}</td>
              <td className="py-1.5 pr-3 text-right tabular-nums">{format.number(total.count)}</td>
              <td className="py-1.5 text-right whitespace-nowrap tabular-nums">{format.bytes(total.size_bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
