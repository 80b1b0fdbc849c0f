import { Trans, useLingui } from "@lingui/react/macro";
import { RotateCw } from "lucide-react";
import { useScanProblems } from "@/api/settings";
import { useActiveTasks, useScan } from "@/api/tasks";
import { Button } from "@/components/button";
import { CopyIconButton } from "@/components/copy-button";
import { Sentence } from "@/components/sentence";
import { Skeleton } from "@/components/skeleton";
import { ErrorState } from "@/components/states";
import { AllWell } from "@/features/health/all-well";
import { Group } from "@/features/health/group";
import { useFormat } from "@/lib/format";

/** What the last scans could not take in, each with why, and a way to look again. */
export function ScanTrouble() {
  const { t } = useLingui();
  const format = useFormat();
  const problems = useScanProblems();
  const scan = useScan();
  const isScanning = useActiveTasks().data?.items.some((task) => task.kind === "scan") ?? false;
  return (
    <Group title={<Trans>Files that could not be read</Trans>} count={problems.data?.length}>
      {problems.isPending && <Skeleton className="h-24 rounded-2xl" />}
      {problems.isError && <ErrorState error={problems.error} onRetry={() => void problems.refetch()} />}
      {problems.data?.length === 0 && (
        <AllWell>
          <Trans>The last scans could read everything they came upon.</Trans>
        </AllWell>
      )}
      {problems.data && problems.data.length > 0 && (
        <>
          <ul aria-label={t`Files that could not be read`} className="divide-y rounded-2xl border bg-surface shadow-xs">
            {problems.data.map((problem) => (
              <li key={`${problem.path} ${problem.code}`} className="flex items-start gap-2 py-3 pr-3 pl-4">
                <div className="min-w-0 flex-1">
                  <p className="font-mono text-xs [overflow-wrap:anywhere]">{problem.path}</p>
                  <p className="mt-1 text-[13px] leading-relaxed text-ink-soft">
                    <Sentence said={problem} kind="scanProblem" />
                  </p>
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
          <Button disabled={isScanning || scan.isPending} onClick={() => scan.mutate({})}>
            <RotateCw aria-hidden className={isScanning ? "animate-spin" : undefined} />
            {isScanning ? <Trans>Scanning</Trans> : <Trans>Scan again</Trans>}
          </Button>
        </>
      )}
    </Group>
  );
}
