import { Trans, useLingui } from "@lingui/react/macro";
import { Page } from "@/components/page";
import { Duplicates } from "@/features/duplicates/duplicates";

export default function DuplicatesPage() {
  const { t } = useLingui();
  return (
    <Page
      documentTitle={t`Duplicates · SD Model Manager`}
      title={<Trans>Duplicates</Trans>}
      hint={<Trans>The same content in several places, with the largest first.</Trans>}
      width="wide"
    >
      <Duplicates />
    </Page>
  );
}
