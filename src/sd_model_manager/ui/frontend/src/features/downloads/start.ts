import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "react-router";
import { ApiError } from "@/api/client";
import { type DownloadChoice, useStartDownload } from "@/api/downloads";
import { toastFailure } from "@/components/toast-failure";
import { toast } from "@/lib/toast";

/** Starts downloads, one after the other, and says how that went; `true` when all are in the queue or need not be. */
export function useDownloadStart() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const { mutateAsync } = useStartDownload();
  const startOne = async (asked: DownloadChoice): Promise<boolean> => {
    try {
      const download = await mutateAsync(asked);
      toast.success(t`Added to the queue`, { description: download.name });
      for (const refused of download.refused) toastFailure(refused, {}, "info");
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const model = error.details.model as { id: number } | undefined;
      if (error.status === 409 && model) {
        const action = { label: t`Show it`, onClick: () => navigate(`/models/${model.id}`) };
        toastFailure(error, { action }, "info");
        return true;
      }
      if (error.status === 409 && error.details.task) {
        toastFailure(error, {}, "info");
        return true;
      }
      toastFailure(error);
      return false;
    }
  };
  return async (...all: DownloadChoice[]): Promise<boolean> => {
    for (const asked of all) if (!(await startOne(asked))) return false;
    return true;
  };
}
