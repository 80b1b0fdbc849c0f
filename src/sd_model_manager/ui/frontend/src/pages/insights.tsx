import { Trans, useLingui } from "@lingui/react/macro";
import { Page } from "@/components/page";
import { Insights } from "@/features/insights/insights";

export default function InsightsPage() {
  const { t } = useLingui();
  return (
    <Page width="wide" documentTitle={t`Insights · SD Model Manager`} title={<Trans>Insights</Trans>}>
      <Insights />
    </Page>
  );
}
