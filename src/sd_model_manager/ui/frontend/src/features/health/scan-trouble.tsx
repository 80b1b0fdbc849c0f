import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useScanProblems } from "@/api/settings";
import { CopyIconButton } from "@/components/copy-button";
import { MoreRows } from "@/components/more-rows";
import { ScanButton } from "@/components/scan-button";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";
import { AllWell } from "@/features/health/all-well";
import { Group } from "@/features/health/group";
import { useFormat } from "@/lib/format";

const SHOWN = 50;

/** What the last scans could not take in, each with why, and a way to look again. */
export function ScanTrouble() {
  const { t } = useLingui();
  const format = useFormat();
  const problems = useScanProblems();
  const [isWhole, setIsWhole] = useState(false);
  const found = problems.data ?? [];
  return (
    <Group title={<Trans>Files that could not be read</Trans>} count={problems.data?.length}>
      {problems.isPending && <Skeleton className="h-24 rounded-2xl" />}
      {problems.isLoadingError && <ErrorNotice error={problems.error} onRetry={() => void problems.refetch()} />}
      {problems.data?.length === 0 && (
        <AllWell>
          <Trans>The last scans could read everything they came upon.</Trans>
        </AllWell>
      )}
      {found.length > 0 && (
        <>
          <ul aria-label={t`Files that could not be read`} className="divide-y rounded-2xl border bg-surface shadow-xs">
            {found.slice(0, isWhole ? undefined : SHOWN).map((problem) => (
              <li key={`${problem.path} ${problem.code}`} className="flex items-start gap-2 py-3 pr-3 pl-4">
                <div className="min-w-0 flex-1">
                  <p className="font-mono text-xs [overflow-wrap:anywhere]">{problem.path}</p>
                  <p className="mt-1 text-[13px] leading-relaxed text-ink-soft">{problem.message}</p>
                  <p className="mt-0.5 text-xs text-ink-faint">
                    <time dateTime={problem.seen_at} title={format.date(problem.seen_at)}>
                      {format.ago(problem.seen_at)}
                    </time>
                  </p>
                </div>
                <CopyIconButton text={problem.path} label={t`Copy the path ${problem.path}`} />
              </li>
            ))}
          </ul>
          {!isWhole && <MoreRows count={found.length - SHOWN} onShow={() => setIsWhole(true)} />}
          <ScanButton>
            <Trans>Scan again</Trans>
          </ScanButton>
        </>
      )}
    </Group>
  );
}
