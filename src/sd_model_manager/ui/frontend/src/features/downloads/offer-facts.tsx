import { Trans, useLingui } from "@lingui/react/macro";
import { Archive, Check, Clock, EyeOff, Scale, ScanSearch } from "lucide-react";
import type { ReactNode } from "react";
import type { Offer } from "@/api/types";
import { Badge } from "@/components/badge";
import { Licence } from "@/components/licence";
import { typeLook } from "@/components/model-type";
import { useFormat } from "@/lib/format";

/** What kind of model it is, how mature, when it is free, and whether it is here already. */
export function OfferBadges({ offer }: { offer: Offer }) {
  const { t } = useLingui();
  const format = useFormat();
  const { icon: Icon, label } = typeLook(offer.type);
  const level = matureLevel(offer.nsfw_level);
  return (
    <div className="mt-2.5 flex flex-wrap gap-1.5">
      <Badge tone="accent">
        <Icon aria-hidden />
        {t(label)}
      </Badge>
      {offer.base_model && <Badge>{offer.base_model}</Badge>}
      {level && (
        <Badge>
          <EyeOff aria-hidden />
          <Trans>Rated {level}</Trans>
        </Badge>
      )}
      {offer.available_from && (
        <Badge tone="warn">
          <Clock aria-hidden />
          <Trans>Early access until {format.date(offer.available_from)}</Trans>
        </Badge>
      )}
      {offer.on_disk?.category === "active" && (
        <Badge tone="good">
          <Check aria-hidden />
          <Trans>Already in your library</Trans>
        </Badge>
      )}
      {offer.on_disk?.category === "archive" && (
        <Badge tone="good">
          <Archive aria-hidden />
          <Trans>Already in your archive</Trans>
        </Badge>
      )}
    </div>
  );
}

/** What the file says of itself, looked at where it lies, and the terms of its creator. */
export function OfferNotes({ offer }: { offer: Offer }) {
  const { t } = useLingui();
  const { identity } = offer;
  const said = identity && [
    t(typeLook(identity.type).label),
    identity.base_model ?? identity.family,
    identity.network !== identity.type && identity.network,
    identity.rank && t`rank ${identity.rank}`,
    identity.precision,
  ];
  return (
    <dl className="mt-3 space-y-1 text-[13px]">
      {said && (
        <Note icon={<ScanSearch className="size-3.5" aria-hidden />} name={t`Its header says`}>
          {said.filter(Boolean).join(" · ")}
        </Note>
      )}
      {offer.licence && (
        <Note icon={<Scale className="size-3.5" aria-hidden />} name={t`Terms of its creator`}>
          <Licence of={offer} />
        </Note>
      )}
    </dl>
  );
}

function Note({ icon, name, children }: { icon: ReactNode; name: string; children: ReactNode }) {
  return (
    <div className="items-start gap-x-2 sm:flex">
      <dt className="flex shrink-0 items-center gap-1.5 text-ink-faint">
        {icon}
        {name}
      </dt>
      <dd className="min-w-0 text-ink-soft [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

const LEVELS = [
  [16, "XXX"],
  [8, "X"],
  [4, "R"],
  [2, "PG-13"],
] as const;

/** The highest of Civitai's levels beyond PG that a model has. */
function matureLevel(bits: number): string | undefined {
  return LEVELS.find(([bit]) => bits & bit)?.[1];
}
