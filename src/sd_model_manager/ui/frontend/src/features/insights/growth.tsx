import { Trans, useLingui } from "@lingui/react/macro";
import { scaleBand, scaleLinear } from "d3-scale";
import { type ReactNode, useMemo } from "react";
import type { Share } from "@/api/statistics";
import { Card } from "@/features/insights/card";
import { amountOf, type Measure, useShow } from "@/features/insights/measure";
import { GROUND, HEIGHT, MonthColumn, NAME_WIDTH, TOP } from "@/features/insights/month-column";
import { MonthTable } from "@/features/insights/month-table";
import { accumulate } from "@/features/insights/months";
import { useWidth } from "@/lib/use-width";

const WIDEST = 72;
const TICKS = 4;
/** Room for the amounts beside the columns. */
const AXIS = 68;

/** How the library grew: a column per month, of which the upper part came in that month. */
export function Growth({ growth, measure }: { growth: Share[]; measure: Measure }) {
  const { t } = useLingui();
  const show = useShow(measure);
  const [box, width] = useWidth<HTMLDivElement>();
  const months = useMemo(() => accumulate(growth), [growth]);
  const names = months.map((month) => month.month);
  const columns = scaleBand(names, [AXIS, Math.min(width, AXIS + WIDEST * names.length)]).paddingInner(0.15);
  const all = Math.max(1, ...months.map((month) => amountOf(month.total, measure)));
  const heights = scaleLinear([0, all], [GROUND, TOP]).nice(TICKS);
  const everyNth = Math.ceil(NAME_WIDTH / Math.max(1, columns.step()));
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
            {heights
              .ticks(TICKS)
              .filter(Number.isInteger)
              .map((amount) => (
                <Level key={amount} y={heights(amount)} width={width} text={amount > 0 ? show(amount) : ""} />
              ))}
            {months.map((month, index) => (
              <MonthColumn
                key={month.month}
                month={month}
                measure={measure}
                heights={heights}
                x={columns(month.month) ?? 0}
                width={columns.bandwidth()}
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

function Level({ y, width, text }: { y: number; width: number; text: string }) {
  return (
    <g aria-hidden>
      <line x1={AXIS} x2={width} y1={y} y2={y} className="stroke-line" />
      <text x={AXIS - 8} y={y + 4} textAnchor="end" className="fill-ink-faint text-[11px] tabular-nums">
        {text}
      </text>
    </g>
  );
}

function Legend({ className, label }: { className: string; label: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden className={`size-2.5 rounded-sm ${className}`} />
      {label}
    </span>
  );
}
