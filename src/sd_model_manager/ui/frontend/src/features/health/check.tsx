import { Plural, Trans } from "@lingui/react/macro";
import { CircleCheck, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Skeleton } from "@/components/skeleton";
import { cn } from "@/lib/cn";

interface CheckProps {
  icon: LucideIcon;
  title: ReactNode;
  /** How many models; `undefined` while they are counted. */
  count: number | undefined;
  /** Where these models are shown. */
  to: string;
  good: ReactNode;
  bad: ReactNode;
  /** What can be done about it from here. */
  action?: ReactNode;
  /** Nothing that has to be done about it. */
  isHarmless?: boolean;
}

export const healthLink = "inline-block rounded py-0.5 font-medium text-accent-ink hover:underline";

/** One thing that is well, or the number of models for which it is not, with what that means. */
export function Check({ icon, title, count, to, good, bad, action, isHarmless = false }: CheckProps) {
  const isGood = count === 0;
  const Icon = isGood ? CircleCheck : icon;
  const isCalm = isHarmless || count === undefined;
  const tone = isGood ? "bg-good-soft text-good" : isCalm ? "bg-raised text-ink-soft" : "bg-warn-soft text-warn";
  return (
    <li className="flex gap-3.5 rounded-2xl border bg-surface p-4 shadow-xs sm:p-5">
      <span aria-hidden className={cn("grid size-9 shrink-0 place-items-center rounded-xl", tone)}>
        <Icon className="size-5" />
      </span>
      <div className="min-w-0 flex-1 text-[13px] leading-relaxed text-ink-soft">
        <h2 className="text-sm font-semibold text-ink">{title}</h2>
        {count === undefined && <Skeleton className="mt-1 h-9" />}
        {isGood && <p>{good}</p>}
        {count !== undefined && !isGood && (
          <>
            <p>{bad}</p>
            <div className="mt-1.5 flex flex-wrap items-center gap-x-4 gap-y-1.5">
              <Link to={to} className={healthLink}>
                <Plural value={count} one="Show # model" other="Show # models" />
              </Link>
              {action}
            </div>
          </>
        )}
        {count === undefined && (
          <span className="sr-only">
            <Trans>Counting</Trans>
          </span>
        )}
      </div>
    </li>
  );
}
