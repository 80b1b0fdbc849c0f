import { Trans, useLingui } from "@lingui/react/macro";
import { Download, ScanSearch } from "lucide-react";
import { Link, Navigate } from "react-router";
import { useActiveTasks } from "@/api/tasks";
import { buttonClass } from "@/components/button";
import { NoModels } from "@/components/no-models";
import { Progress } from "@/components/progress";
import { EmptyState } from "@/components/states";
import { useFormat } from "@/lib/format";
import { setupGuide } from "@/lib/setup-guide";

interface EmptyLibraryProps {
  /** Whether nobody is asking again whether it is still empty. */
  isCertain: boolean;
}

/** What stands where models would: how far the scan is, or the ways to get some. The first time, the setup guide. */
export default function EmptyLibrary({ isCertain }: EmptyLibraryProps) {
  const tasks = useActiveTasks();
  const guide = setupGuide.use();
  const scan = tasks.data?.items.find((task) => task.kind === "scan");
  if (scan) return <Scanning done={scan.done} total={scan.total} />;
  if (tasks.isPending) return null;
  if (guide === "open") return isCertain ? <Navigate to="/setup" replace state="automatic" /> : null;
  return (
    <NoModels
      further={
        <Link to="/downloads" className={buttonClass("plain")}>
          <Download aria-hidden />
          <Trans>Go to downloads</Trans>
        </Link>
      }
    >
      <p>
        <Trans>No models yet? Copy the address of any model page and paste it here with Ctrl+V.</Trans>
      </p>
      <p className="mt-2 text-ink-faint">
        <Trans>
          Only want to look around? <code className="rounded bg-raised px-1.5 py-0.5">sd-model-manager demo</code>{" "}
          starts with a small library of examples.
        </Trans>
      </p>
    </NoModels>
  );
}

function Scanning({ done, total }: { done: number; total: number | null }) {
  const { t } = useLingui();
  const format = useFormat();
  return (
    <EmptyState icon={ScanSearch} title={<Trans>Looking for your models</Trans>}>
      <p role="status" className="mb-3 tabular-nums">
        <Trans>Scanning: {format.number(done)} files so far</Trans>
      </p>
      <Progress label={t`Progress of the scan`} share={total ? done / total : null} />
      <p className="mt-3 text-ink-faint">
        <Trans>The library opens as soon as the first models are in it.</Trans>
      </p>
    </EmptyState>
  );
}
