import { Trans, useLingui } from "@lingui/react/macro";
import { Pause, Play, RotateCw, Trash2, X } from "lucide-react";
import { type CommandToAll, useClearHistory, useCommandToAll } from "@/api/downloads";
import type { Download } from "@/api/types";
import { Button } from "@/components/button";
import { Confirm } from "@/components/confirm";
import { toastFailure } from "@/components/toast-failure";

/** Gives a command to all, and says of the first that could not take it why. */
function useCommand() {
  const { mutate, isPending } = useCommandToAll();
  const give = (command: CommandToAll) =>
    mutate(command, {
      onSuccess: ({ refused: [refusal] }) => {
        if (refusal) toastFailure(refusal);
      },
    });
  return { give, isPending };
}

/** What can be done with the whole queue. */
export function QueueCommands({ downloads }: { downloads: readonly Download[] }) {
  const { t } = useLingui();
  const { give, isPending } = useCommand();
  if (downloads.length < 2) return null;
  const arePaused = downloads.every((download) => download.state === "paused");
  return (
    <>
      {arePaused ? (
        <Button size="small" disabled={isPending} onClick={() => give("resume-all")}>
          <Play aria-hidden />
          <Trans>Resume all</Trans>
        </Button>
      ) : (
        <Button size="small" disabled={isPending} onClick={() => give("pause-all")}>
          <Pause aria-hidden />
          <Trans>Pause all</Trans>
        </Button>
      )}
      <Confirm
        title={t`Cancel all downloads?`}
        action={t`Cancel all`}
        onConfirm={() => give("cancel-all")}
        trigger={
          <Button look="quiet" size="small" disabled={isPending}>
            <X aria-hidden />
            <Trans>Cancel all</Trans>
          </Button>
        }
      >
        <Trans>What has arrived of them is thrown away. To go on later, pause them instead.</Trans>
      </Confirm>
    </>
  );
}

/** What can be done with the whole history. */
export function HistoryCommands({ hasFailed }: { hasFailed: boolean }) {
  const { t } = useLingui();
  const { give, isPending } = useCommand();
  const clear = useClearHistory();
  return (
    <>
      {hasFailed && (
        <Button size="small" disabled={isPending} onClick={() => give("retry-all")}>
          <RotateCw aria-hidden />
          <Trans>Retry all that failed</Trans>
        </Button>
      )}
      <Confirm
        title={t`Clear the history?`}
        action={t`Clear the history`}
        onConfirm={() => clear.mutate()}
        trigger={
          <Button look="quiet" size="small" disabled={clear.isPending}>
            <Trash2 aria-hidden />
            <Trans>Clear</Trans>
          </Button>
        }
      >
        <Trans>Only this list is emptied. What was downloaded stays in your library.</Trans>
      </Confirm>
    </>
  );
}
