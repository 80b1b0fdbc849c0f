import { Trans } from "@lingui/react/macro";
import { BadgeCheck } from "lucide-react";
import { type KeySource, useCheckKey } from "@/api/settings";
import { Button } from "@/components/button";
import { Sentence } from "@/components/sentence";

/** Asks the site whether it knows the key, and says whose it is or why not. */
export function KeyCheck({ source }: { source: KeySource }) {
  const check = useCheckKey();
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-[13px]">
      <Button size="small" disabled={check.isPending} onClick={() => check.mutate(source)}>
        <BadgeCheck aria-hidden />
        {check.isPending ? <Trans>Asking the site</Trans> : <Trans>Check the key</Trans>}
      </Button>
      <span role="status" className="text-good">
        {check.isSuccess && <Trans>It works, and belongs to {check.data.account}.</Trans>}
      </span>
      {check.isError && (
        <span role="alert" className="text-danger">
          <Sentence said={check.error} />
        </span>
      )}
    </div>
  );
}
