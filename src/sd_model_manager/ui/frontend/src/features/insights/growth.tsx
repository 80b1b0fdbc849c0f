import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useMemo } from "react";
import type { Share } from "@/api/statistics";
import { Card } from "@/features/insights/card";
import { amountOf, type Measure } from "@/features/insights/measure";
import { GROUND, HEIGHT, MonthColumn, NAME_WIDTH } from "@/features/insights/month-column";
import { MonthTable } from "@/features/insights/month-table";
import { accumulate } from "@/features/insights/months";
import { useWidth } from "@/lib/use-width";

const WIDEST = 72;

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
            <line x2={width} y1={GROUND} y2={GROUND} className="stroke-line" />
            {months.map((month, index) => (
              <MonthColumn
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

function Legend({ className, label }: { className: string; label: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden className={`size-2.5 rounded-sm ${className}`} />
      {label}
    </span>
  );
}
