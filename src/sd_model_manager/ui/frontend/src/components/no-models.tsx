import { Trans } from "@lingui/react/macro";
import { FolderSearch, WandSparkles } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { buttonClass } from "@/components/button";
import { EmptyState } from "@/components/states";

interface NoModelsProps {
  /** Another way to get some. */
  further?: ReactNode;
  children: ReactNode;
}

/** Stands on a page about the models of the library while there are none. */
export function NoModels({ further, children }: NoModelsProps) {
  return (
    <EmptyState
      icon={FolderSearch}
      title={<Trans>No models yet</Trans>}
      actions={
        <>
          <Link to="/setup" className={buttonClass("primary")}>
            <WandSparkles aria-hidden />
            <Trans>Open the setup guide</Trans>
          </Link>
          {further}
        </>
      }
    >
      {children}
    </EmptyState>
  );
}
