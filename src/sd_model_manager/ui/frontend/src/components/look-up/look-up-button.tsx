import { Trans } from "@lingui/react/macro";
import { LoaderCircle, ScanSearch } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import type { LookUpWish } from "@/api/look-ups";
import { Button } from "@/components/button";
import { useLookUp } from "@/components/look-up/use-look-up";
import { useFormat } from "@/lib/format";

type LookUpButtonProps = Pick<ComponentProps<typeof Button>, "disabled" | "look" | "aria-label"> & {
  /** All that was not asked for yet, without one. */
  wish?: LookUpWish;
  children?: ReactNode;
};

/** Looks models up at their source, and shows how far that is. */
export function LookUpButton({ wish = {}, children, disabled, ...rest }: LookUpButtonProps) {
  const { lookUp, running, isBusy } = useLookUp();
  const format = useFormat();
  const Icon = isBusy ? LoaderCircle : ScanSearch;
  return (
    <Button size="small" disabled={disabled || isBusy} onClick={() => lookUp(wish)} {...rest}>
      <Icon aria-hidden className={isBusy ? "animate-spin" : undefined} />
      {isBusy ? <Trans>Looking up models</Trans> : (children ?? <Trans>Look up online</Trans>)}
      {isBusy && running?.total ? (
        <span className="font-normal tabular-nums">{format.percent(running.done / running.total)}</span>
      ) : null}
    </Button>
  );
}
