import { useLingui } from "@lingui/react/macro";
import { Ellipsis, Images, ImageUp, Undo2 } from "lucide-react";
import { useRef } from "react";
import { useChoosePreview, useForgetPreview, useGivePreview } from "@/api/previews";
import type { ModelDetail } from "@/api/types";
import { MenuButton } from "@/components/menu-button";
import type { MenuGroups } from "@/components/menu-items";
import { toast } from "@/lib/toast";

const KINDS = "image/png,image/jpeg,image/webp,image/gif,image/avif,video/mp4,video/webm";

type Preview = ModelDetail["previews"][number];

interface PreviewMenuProps {
  id: number;
  previews: Preview[];
  chosen: number;
  onChanged: () => void;
}

/** Which picture stands for a model: one of its own, or one of the user's. */
export function PreviewMenu({ id, previews, chosen, onChanged }: PreviewMenuProps) {
  const { t } = useLingui();
  const field = useRef<HTMLInputElement>(null);
  const choose = useChoosePreview(id);
  const give = useGivePreview(id);
  const forget = useForgetPreview(id);
  const isBusy = choose.isPending || give.isPending || forget.isPending;
  const tell = () => {
    onChanged();
    toast.success(t`The card shows it`);
  };
  const shown = previews[chosen];
  const isOther = chosen > 0 && shown !== undefined;
  const groups: MenuGroups = [
    [
      ...(isOther
        ? [
            {
              label: t`Show it on the card`,
              icon: Images,
              onChoose: () => choose.mutate(shown.id, { onSuccess: tell }),
            },
          ]
        : []),
      { label: t`A picture of your own…`, icon: ImageUp, onChoose: () => field.current?.click() },
      ...(previews[0]?.origin === "own"
        ? [
            {
              label: t`Take your picture back`,
              icon: Undo2,
              onChoose: () => forget.mutate(undefined, { onSuccess: onChanged }),
            },
          ]
        : []),
    ],
  ];
  return (
    <>
      <MenuButton
        size="smallIcon"
        look="plain"
        label={t`Picture of the card`}
        groups={groups}
        disabled={isBusy}
        className="absolute top-2 right-2"
      >
        <Ellipsis aria-hidden />
      </MenuButton>
      <input
        ref={field}
        type="file"
        hidden
        accept={KINDS}
        aria-label={t`A picture of your own`}
        onChange={({ target }) => {
          const file = target.files?.[0];
          target.value = ""; // the same file may be chosen again
          if (file) give.mutate(file, { onSuccess: tell });
        }}
      />
    </>
  );
}
