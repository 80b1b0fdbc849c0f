import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { CircleCheck, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useFolders } from "@/api/settings";
import { useStatistics } from "@/api/statistics";
import { useActiveTasks } from "@/api/tasks";
import { buttonClass } from "@/components/button";
import { typeLook } from "@/components/model-type";
import { Progress } from "@/components/progress";
import { ScanButton } from "@/components/scan-button";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";
import { StepTitle } from "@/features/setup/step-title";
import { useFormat } from "@/lib/format";

/** How far the scan is, what it has found, and how ComfyUI uses it; when that is nothing, what it may come from. */
export function ScanStep({ comfyui }: { comfyui: ReactNode }) {
  const statistics = useStatistics();
  const tasks = useActiveTasks();
  const scan = tasks.data?.items.find((task) => task.kind === "scan");
  const found = statistics.data?.shares.type ?? [];
  const total = found.reduce((sum, share) => sum + share.count, 0);
  if (statistics.isLoadingError) {
    return <ErrorNotice error={statistics.error} onRetry={() => void statistics.refetch()} />;
  }
  return (
    <>
      <StepTitle title={<Trans>Your library fills</Trans>}>
        <Trans>Each file is recognised by its header. You need not wait: the scan goes on behind the library.</Trans>
      </StepTitle>
      <div className="mt-5 space-y-4">
        {scan && <Scanning done={scan.done} total={scan.total} />}
        {(statistics.isPending || tasks.isPending) && <Skeleton className="h-16" />}
        {total > 0 && <Found shares={found} total={total} isAll={!scan} />}
        {tasks.data && statistics.data && !scan && total === 0 && <NothingFound />}
      </div>
      {total > 0 && (
        <>
          <h3 className="mt-6 mb-1 border-t pt-5 font-semibold text-ink">
            <Trans>Use them in ComfyUI, too</Trans>
          </h3>
          {comfyui}
        </>
      )}
    </>
  );
}

function Scanning({ done, total }: { done: number; total: number | null }) {
  const { t } = useLingui();
  const format = useFormat();
  return (
    <div>
      <p role="status" className="mb-1.5 tabular-nums">
        <Trans>Scanning: {format.number(done)} files so far</Trans>
      </p>
      <Progress label={t`Progress of the scan`} share={total ? done / total : null} />
    </div>
  );
}

interface FoundProps {
  shares: { value: string | null; count: number }[];
  total: number;
  isAll: boolean;
}

function Found({ shares, total, isAll }: FoundProps) {
  const { t } = useLingui();
  const format = useFormat();
  const byCount = [...shares].sort((one, other) => other.count - one.count);
  return (
    <div>
      <p role="status" className="flex items-center gap-2 text-base font-semibold text-ink tabular-nums">
        {isAll && <CircleCheck className="size-5 text-good" aria-hidden />}
        <Plural value={total} one="# model in your library" other="# models in your library" />
      </p>
      <ul aria-label={t`Found so far`} className="mt-3 flex flex-wrap gap-2">
        {byCount.map(({ value, count }) => {
          const { icon: Icon, label } = typeLook(value ?? "unknown");
          return (
            <li
              key={value}
              className="flex items-center gap-1.5 rounded-lg border px-2.5 py-1 text-[13px] tabular-nums"
            >
              <Icon className="size-4 text-ink-faint" aria-hidden />
              {t(label)} <span className="font-medium text-ink">{format.number(count)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function NothingFound() {
  const folders = useFolders().data ?? [];
  const offline = folders.filter((folder) => !folder.is_online);
  return (
    <div>
      <p className="flex items-start gap-2 text-ink">
        <SearchX className="mt-0.5 size-5 shrink-0 text-ink-faint" aria-hidden />
        <Trans>No model files were found so far. Is the folder the right one, and its drive connected?</Trans>
      </p>
      {offline.map((folder) => (
        <p key={folder.id} className="mt-2 text-warn [overflow-wrap:anywhere]">
          <Trans>{folder.path} cannot be reached.</Trans>
        </p>
      ))}
      <div className="mt-4 flex flex-wrap gap-2">
        <ScanButton size="small">
          <Trans>Scan again</Trans>
        </ScanButton>
        <Link to="/downloads" className={buttonClass("plain", "small")}>
          <Trans>Download a first model</Trans>
        </Link>
      </div>
    </div>
  );
}
