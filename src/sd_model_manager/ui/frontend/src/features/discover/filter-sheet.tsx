import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import { Sheet } from "@/components/sheet";

/** The filters over what was found, where there is no room beside it. */
export default function FilterSheet({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const { t } = useLingui();
  return (
    <Sheet side="left" title={t`Filters`} onClose={onClose}>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
      <div className="border-t p-4">
        <Button look="primary" className="w-full" onClick={onClose}>
          <Trans>Show what fits</Trans>
        </Button>
      </div>
    </Sheet>
  );
}
