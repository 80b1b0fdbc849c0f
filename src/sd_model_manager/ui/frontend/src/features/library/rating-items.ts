import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import type { BulkTarget } from "@/api/bulk";
import type { MenuGroups } from "@/components/menu-items";
import { useBulk } from "@/features/library/use-bulk";

const STARS = [5, 4, 3, 2, 1, 0];

/** Rows of a menu that rate models, and one that takes their rating away. */
export function useRatingItems(target: BulkTarget): MenuGroups {
  const { t } = useLingui();
  const { run } = useBulk();
  return [
    STARS.map((rating) => ({
      label: rating === 0 ? t`0 stars` : "★".repeat(rating),
      onChoose: () => run(target, { rating }),
    })),
    [{ label: t`Take the rating away`, icon: X, onChoose: () => run(target, { rating: null }) }],
  ];
}
