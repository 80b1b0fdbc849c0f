import { Plural, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import { Sheet } from "@/components/sheet";

interface FilterSheetProps {
  /** How many models there are with what is chosen so far. */
  total: number;
  onClose: () => void;
  children: ReactNode;
}

/** The filters over the grid, where there is no room beside it. */
export default function FilterSheet({ total, onClose, children }: FilterSheetProps) {
  const { t } = useLingui();
  return (
    <Sheet side="left" title={t`Filters`} onClose={onClose}>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
      <div className="border-t p-4">
        <Button look="primary" className="w-full" onClick={onClose}>
          <Plural value={total} one="Show # model" other="Show # models" />
        </Button>
      </div>
    </Sheet>
  );
}
