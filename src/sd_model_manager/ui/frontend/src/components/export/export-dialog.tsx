import { Plural, Trans } from "@lingui/react/macro";
import { FileCheck, FilePen } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import type { BulkTarget } from "@/api/bulk";
import { useExport, usePlanExport, useStartExport } from "@/api/exports";
import { useSettings } from "@/api/settings";
import { isFinal } from "@/api/tasks";
import { Button } from "@/components/button";
import { followExport } from "@/components/export/asked";
import { ExportPlan } from "@/components/export/export-plan";
import { ExportProgress } from "@/components/export/export-progress";
import { FormatChoice } from "@/components/export/format-choice";
import { Modal } from "@/components/modal";
import { Sentence } from "@/components/sentence";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";

interface ExportDialogProps {
  target: BulkTarget;
  /** `null` for the whole library. */
  count: number | null;
  onClose: () => void;
}

/** Writes what is known of models into other tools' files: shows first what would be written, then how far it is. */
export default function ExportDialog({ target, count, onClose }: ExportDialogProps) {
  const settings = useSettings();
  const [picked, setPicked] = useState<string[] | null>(null);
  const plan = usePlanExport();
  const start = useStartExport(followExport);
  const started = start.data?.task ?? undefined;
  const ended = useExport(started?.task_id).data?.task;
  const isEnded = ended != null && isFinal(ended);
  useEffect(() => {
    if (isEnded) onClose();
  }, [isEnded, onClose]);

  const setting = settings.data?.find(({ key }) => key === "sidecar_export");
  const kept = Array.isArray(setting?.value) ? setting.value.map(String) : [];
  const formats = picked ?? kept;
  const choose = (chosen: string[]) => {
    plan.reset();
    setPicked(chosen);
  };
  const { written = 0, unchanged = 0, refused = 0 } = plan.data ?? {};
  const error = plan.error ?? start.error;
  return (
    <Modal
      onClose={onClose}
      isDescribed
      className="top-1/2 left-1/2 flex max-h-[calc(100dvh-2rem)] w-[min(38rem,calc(100vw-2rem))] -translate-1/2 flex-col rounded-2xl border"
    >
      <div className="min-h-0 flex-1 overflow-y-auto p-6 pb-4">
        <Dialog.Title className="text-lg font-semibold">
          <Trans>Write to other tools’ files</Trans>
        </Dialog.Title>
        <Dialog.Description className="mt-1 text-[13px] leading-relaxed text-ink-soft">
          {count === null ? (
            <Trans>For the whole library.</Trans>
          ) : (
            <Plural value={count} one="For # model." other="For # models." />
          )}{" "}
          <Trans>
            What you know here goes into small files beside the models. All else in these files stays as it is, and it
            can be taken back.
          </Trans>
        </Dialog.Description>
        {started ? (
          <ExportProgress id={started.task_id} total={written + unchanged + refused} />
        ) : (
          <>
            {settings.isPending && <Skeleton className="mt-4 h-56" />}
            {settings.isLoadingError && (
              <ErrorNotice className="mt-4" error={settings.error} onRetry={() => void settings.refetch()} />
            )}
            {setting && <FormatChoice kinds={setting.choices} chosen={formats} onChoose={choose} />}
            <div role="status">
              {plan.isPending && (
                <p className="mt-4 text-[13px] text-ink-soft">
                  <Trans>Looking at what is there…</Trans>
                </p>
              )}
              {plan.data && <ExportPlan plan={plan.data} />}
            </div>
          </>
        )}
        {error && (
          <p role="alert" className="mt-3 text-[13px] text-danger">
            <Sentence said={error} />
          </p>
        )}
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t px-6 py-4">
        <Dialog.Close asChild>
          <Button>{started ? <Trans>Close</Trans> : <Trans>Cancel</Trans>}</Button>
        </Dialog.Close>
        {!started && !plan.data && (
          <Button
            look="primary"
            disabled={formats.length === 0 || plan.isPending}
            onClick={() => plan.mutate({ target, formats })}
          >
            <FileCheck aria-hidden />
            <Trans>Show what would be written</Trans>
          </Button>
        )}
        {!started && written > 0 && (
          <Button look="primary" disabled={start.isPending} onClick={() => start.mutate({ target, formats })}>
            <FilePen aria-hidden />
            <Plural value={written} one="Write # file" other="Write # files" />
          </Button>
        )}
      </div>
    </Modal>
  );
}
