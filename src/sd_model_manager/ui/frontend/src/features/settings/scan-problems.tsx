import { Plural, useLingui } from "@lingui/react/macro";
import { ChevronRight, TriangleAlert } from "lucide-react";
import { useScanProblems } from "@/api/settings";
import { CopyIconButton } from "@/components/copy-button";

/** Files that a scan could not take in, each with why and what to do; nothing while there are none. */
export function ScanProblems() {
  const { t } = useLingui();
  const { data: problems } = useScanProblems();
  if (!problems || problems.length === 0) return null;
  return (
    <details className="group rounded-2xl border border-warn/30 bg-warn-soft">
      <summary className="flex cursor-pointer list-none items-center gap-2.5 rounded-2xl px-5 py-3.5 text-sm font-medium text-warn">
        <TriangleAlert className="size-4.5 shrink-0" aria-hidden />
        <span className="flex-1">
          <Plural value={problems.length} one="# file could not be read" other="# files could not be read" />
        </span>
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
      </summary>
      <ul aria-label={t`Files that could not be read`} className="divide-y rounded-b-2xl border-t bg-surface">
        {problems.map((problem) => (
          <li key={`${problem.path} ${problem.code}`} className="flex items-start gap-2 py-2.5 pr-3 pl-5">
            <div className="min-w-0 flex-1">
              <p className="font-mono text-xs [overflow-wrap:anywhere]">{problem.path}</p>
              <p className="mt-1 text-[13px] leading-relaxed text-ink-soft">{problem.message}</p>
            </div>
            <CopyIconButton text={problem.path} label={t`Copy the path`} />
          </li>
        ))}
      </ul>
    </details>
  );
}
