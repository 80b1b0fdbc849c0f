import { Trans } from "@lingui/react/macro";
import { WifiOff } from "lucide-react";
import { useConnectionState } from "@/features/status/connection";

/** Says that the server is not heard of any more; nothing while all is well. */
export function ConnectionNotice() {
  const isCutOff = useConnectionState() === "cut_off";
  return (
    <div role="status">
      {isCutOff && (
        <span className="inline-flex h-8 items-center gap-2 rounded-lg bg-warn-soft px-2.5 text-[13px] font-medium text-warn">
          <WifiOff className="size-4" aria-hidden />
          <span className="max-md:sr-only">
            <Trans>Cut off, reconnecting</Trans>
          </span>
        </span>
      )}
    </div>
  );
}
