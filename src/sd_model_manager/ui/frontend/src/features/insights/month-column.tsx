import { useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { amountOf, type Measure, useShow } from "@/features/insights/measure";
import type { Month } from "@/features/insights/months";
import { useFormat } from "@/lib/format";
import { libraryLink, term } from "@/lib/library-link";

export const HEIGHT = 220;
/** Where the columns stand, with room for their names below; above the highest is room for a figure. */
export const GROUND = HEIGHT - 22;
export const TOP = 18;
/** Room for the name of a month. */
export const NAME_WIDTH = 68;

interface MonthColumnProps {
  month: Month;
  measure: Measure;
  /** From an amount to its place above the ground. */
  heights: (amount: number) => number;
  x: number;
  width: number;
  isNamed: boolean;
  isLast: boolean;
}

/** What there was by the end of a month; the upper part came in it. It leads to what came. */
export function MonthColumn({ month, measure, heights, x, width, isNamed, isLast }: MonthColumnProps) {
  const { t } = useLingui();
  const format = useFormat();
  const show = useShow(measure);
  const [total, added] = [amountOf(month.total, measure), amountOf(month.added, measure)];
  const bar = { x, width: Math.max(1, width), y: heights(total) };
  const name = format.month(month.month);
  const description = t`${name}: ${show(total)}, of which ${show(added)} were added`;
  return (
    <g>
      <title>{description}</title>
      <Link
        to={libraryLink({ q: term("modified", month.month) })}
        aria-label={description}
        className="group outline-none"
      >
        <rect x={x} width={width} height={GROUND} className="fill-transparent" />
        <Parts bar={bar} added={GROUND - heights(added)} />
      </Link>
      {isLast && <Label x={bar.x} width={bar.width} y={bar.y - 5} text={show(total)} className="fill-ink" />}
      {(isNamed || isLast) && (
        <Label
          x={bar.x}
          width={bar.width}
          y={HEIGHT - 6}
          text={name}
          className="fill-ink-faint"
          isDroppable={!isLast}
        />
      )}
    </g>
  );
}

interface Bar {
  x: number;
  y: number;
  width: number;
}

function Parts({ bar, added }: { bar: Bar; added: number }) {
  const height = GROUND - bar.y;
  return (
    <>
      <rect {...bar} y={bar.y + added} height={Math.max(0, height - added)} className="fill-line-strong" />
      <rect
        {...bar}
        height={added > 0 ? Math.max(1, added) : 0}
        className="fill-accent group-hover:fill-accent-hover"
      />
      <rect
        {...bar}
        height={height}
        rx={2}
        className="fill-none stroke-transparent stroke-2 group-hover:stroke-ink group-focus-visible:stroke-ink"
      />
    </>
  );
}

interface LabelProps extends Bar {
  text: string;
  className: string;
  /** Whether it is left out where it would not fit. */
  isDroppable?: boolean;
}

/** Ends where its column does, so that the last one stays inside the picture. */
function Label({ x, y, width, text, className, isDroppable = false }: LabelProps) {
  const doesFit = x + width >= NAME_WIDTH;
  if (!doesFit && isDroppable) return null;
  return (
    <text
      x={doesFit ? x + width : x}
      y={y}
      textAnchor={doesFit ? "end" : "start"}
      className={`pointer-events-none text-[11px] tabular-nums ${className}`}
    >
      {text}
    </text>
  );
}
