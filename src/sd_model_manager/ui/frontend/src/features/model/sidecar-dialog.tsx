import { Trans, useLingui } from "@lingui/react/macro";
import { Download } from "lucide-react";
import { Dialog } from "radix-ui";
import { sidecarUrl, useSidecarText } from "@/api/sidecars";
import type { ModelDetail } from "@/api/types";
import { Button, buttonClass } from "@/components/button";
import { Modal } from "@/components/modal";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";
import { TextBlock } from "@/components/text-block";

/** More than this would make the page slow; the whole text can be saved. */
const SHOWN_CHARACTERS = 200_000;

interface SidecarDialogProps {
  modelId: number;
  sidecar: ModelDetail["sidecars"][number];
  onClose: () => void;
}

/** The text of a file beside a model, as it was last read. */
export default function SidecarDialog({ modelId, sidecar, onClose }: SidecarDialogProps) {
  const { t } = useLingui();
  const text = useSidecarText(modelId, sidecar.id);
  return (
    <Modal
      onClose={onClose}
      className="top-1/2 left-1/2 w-[min(48rem,calc(100vw-2rem))] -translate-1/2 space-y-4 rounded-2xl border p-6"
    >
      <Dialog.Title className="text-lg font-semibold [overflow-wrap:anywhere]">{sidecar.filename}</Dialog.Title>
      {text.isPending && <Skeleton className="h-64" />}
      {text.isLoadingError && <ErrorNotice error={text.error} onRetry={() => void text.refetch()} />}
      {text.data !== undefined && (
        <TextBlock label={t`Text of ${sidecar.filename}`}>
          <span className="block px-4">{text.data.slice(0, SHOWN_CHARACTERS)}</span>
        </TextBlock>
      )}
      {(text.data?.length ?? 0) > SHOWN_CHARACTERS && (
        <p className="text-[13px] text-ink-soft">
          <Trans>This is its beginning. Save it to see all of it.</Trans>
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <a href={sidecarUrl(modelId, sidecar.id)} download={sidecar.filename} className={buttonClass()}>
          <Download aria-hidden />
          <Trans>Save</Trans>
        </a>
        <Dialog.Close asChild>
          <Button>
            <Trans>Close</Trans>
          </Button>
        </Dialog.Close>
      </div>
    </Modal>
  );
}
