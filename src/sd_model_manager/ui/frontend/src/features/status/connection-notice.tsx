import { Trans } from "@lingui/react/macro";
import { WifiOff } from "lucide-react";
import { useConnectionState } from "@/features/status/connection";

/** Says across the page that the server is not heard of any more; nothing while all is well. */
export function ConnectionNotice() {
  const isCutOff = useConnectionState() === "cut_off";
  return (
    <div role="status">
      {isCutOff && (
        <p className="flex flex-wrap items-center justify-center gap-x-2 gap-y-0.5 border-b border-warn/30 bg-warn-soft px-4 py-1.5 text-[13px] text-warn">
          <WifiOff className="size-4 shrink-0" aria-hidden />
          <strong className="font-semibold">
            <Trans>Cut off, reconnecting</Trans>
          </strong>
          <span>
            <Trans>What you see may be out of date.</Trans>
          </span>
        </p>
      )}
    </div>
  );
}
