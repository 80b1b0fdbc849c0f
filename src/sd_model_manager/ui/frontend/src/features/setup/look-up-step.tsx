import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { StepTitle } from "@/features/setup/step-title";

/** What may be asked online; all of it can be left out, and changed later. */
export function LookUpStep({ keys, lookUps }: { keys: ReactNode; lookUps: ReactNode }) {
  return (
    <>
      <StepTitle title={<Trans>What may be looked up?</Trans>}>
        <Trans>
          All of this is optional and can be changed in the settings. Without it the library works, but asks nobody what
          a file is.
        </Trans>
      </StepTitle>
      <div className="mt-5 divide-y border-y py-4">{lookUps}</div>
      <h3 className="mt-5 mb-3 font-semibold text-ink">
        <Trans>Keys, if you have any</Trans>
      </h3>
      {keys}
    </>
  );
}
