import { useLingui } from "@lingui/react/macro";
import { Heart } from "lucide-react";
import { useChangeModel } from "@/api/model-changes";
import type { ModelDetail } from "@/api/types";
import { IconButton } from "@/components/button";
import { cn } from "@/lib/cn";

export function FavoriteToggle({ model }: { model: ModelDetail }) {
  const { t } = useLingui();
  const change = useChangeModel(model.id);
  const { favorite } = model.user;
  return (
    <IconButton
      label={t`Favourite`}
      aria-pressed={favorite}
      onClick={() => change.mutate({ favorite: !favorite })}
      className="-my-1 -mr-2"
    >
      <Heart aria-hidden className={cn("transition-colors", favorite && "fill-rose-500 text-rose-500")} />
    </IconButton>
  );
}
