import { Trans, useLingui } from "@lingui/react/macro";
import { Compass } from "lucide-react";
import { Link } from "react-router";
import { buttonClass } from "@/components/button";
import { EmptyState } from "@/components/states";

export default function NotFoundPage() {
  const { t } = useLingui();
  return (
    <>
      <title>{t`Not found · SD Model Manager`}</title>
      <EmptyState
        icon={Compass}
        heading="h1"
        className="py-24"
        title={<Trans>There is no page here</Trans>}
        actions={
          <Link to="/" className={buttonClass("primary")}>
            <Trans>Go to the library</Trans>
          </Link>
        }
      >
        <Trans>The address may be mistyped, or from an older version.</Trans>
      </EmptyState>
    </>
  );
}
