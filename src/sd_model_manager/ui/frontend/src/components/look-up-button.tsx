import { Trans } from "@lingui/react/macro";
import { ScanSearch } from "lucide-react";
import { useActiveTasks, useLookUp } from "@/api/tasks";
import { Button } from "@/components/button";

/** Asks Civitai what the models are that nobody was asked about; while that goes on it says so. */
export function LookUpButton() {
  const lookUp = useLookUp();
  const isRunning = useActiveTasks().data?.items.some((task) => task.kind === "enrich") ?? false;
  return (
    <Button size="small" disabled={isRunning || lookUp.isPending} onClick={() => lookUp.mutate()}>
      <ScanSearch aria-hidden />
      {isRunning ? <Trans>Looking up models</Trans> : <Trans>Look up now</Trans>}
    </Button>
  );
}
