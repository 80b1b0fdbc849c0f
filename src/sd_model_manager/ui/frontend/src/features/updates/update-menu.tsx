import { useLingui } from "@lingui/react/macro";
import { BellOff, Ellipsis, UserX } from "lucide-react";
import type { KnownVersion, Update } from "@/api/updates";
import { IconButton } from "@/components/button";
import { MenuButton } from "@/components/menu-button";
import { useIgnoring } from "@/features/updates/use-ignoring";

/** Of what the user wants to hear no more: this model, or all that its creator makes. */
export function UpdateMenu({ update }: { update: Update }) {
  const { t } = useLingui();
  const { ignore } = useIgnoring();
  const { source, published_model_id: model, published_model_name: name, creator } = update;
  const items = [
    { label: t`Ignore this model`, icon: BellOff, onChoose: () => ignore({ source, model }, name) },
    ...(creator
      ? [{ label: t`Ignore all by ${creator}`, icon: UserX, onChoose: () => ignore({ source, creator }, creator) }]
      : []),
  ];
  return (
    <MenuButton look="quiet" size="smallIcon" label={t`Actions for ${name}`} groups={[items]}>
      <Ellipsis aria-hidden />
    </MenuButton>
  );
}

export function IgnoreVersion({ update, version }: { update: Update; version: KnownVersion }) {
  const { t } = useLingui();
  const { ignore, isPending } = useIgnoring();
  const wish = { source: update.source, version: version.version_id };
  return (
    <IconButton
      size="smallIcon"
      label={t`Ignore ${version.name}`}
      disabled={isPending}
      onClick={() => ignore(wish, `${update.published_model_name} ${version.name}`)}
    >
      <BellOff aria-hidden />
    </IconButton>
  );
}
