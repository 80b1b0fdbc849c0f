import { Trans } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";

/** Below a list that shows its first rows: how many more there are, and the way to them. */
export function MoreRows({ count, onShow }: { count: number; onShow: () => void }) {
  if (count <= 0) return null;
  return (
    <button
      type="button"
      onClick={onShow}
      className="flex w-full items-center gap-1 rounded-lg px-2 py-1.5 text-left text-[13px] text-accent-ink hover:bg-raised"
    >
      <ChevronRight className="size-3.5" aria-hidden />
      <Trans>{count} more</Trans>
    </button>
  );
}
