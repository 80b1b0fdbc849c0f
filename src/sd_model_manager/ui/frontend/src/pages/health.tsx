import { Trans, useLingui } from "@lingui/react/macro";
import { Page } from "@/components/page";
import { Health } from "@/features/health/health";

export default function HealthPage() {
  const { t } = useLingui();
  return (
    <Page
      documentTitle={t`Health · SD Model Manager`}
      title={<Trans>Health</Trans>}
      hint={<Trans>Whether every model is there, whole and recognised.</Trans>}
      width="wide"
    >
      <Health />
    </Page>
  );
}
