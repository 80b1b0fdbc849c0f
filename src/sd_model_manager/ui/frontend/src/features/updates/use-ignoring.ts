import { useLingui } from "@lingui/react/macro";
import { toast } from "sonner";
import { type IgnoreWish, useIgnore } from "@/api/updates";

/** Ignores something and says so, with a way back. */
export function useIgnoring() {
  const { t } = useLingui();
  const { mutate, isPending } = useIgnore();
  const ignore = (wish: IgnoreWish, name: string) =>
    mutate(
      { wish },
      {
        onSuccess: () =>
          toast.success(t`Ignored: ${name}`, {
            action: { label: t`Undo`, onClick: () => mutate({ wish, isHeeded: true }) },
          }),
      },
    );
  return { ignore, isPending };
}
