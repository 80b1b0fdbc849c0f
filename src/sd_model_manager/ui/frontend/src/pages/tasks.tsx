import { Trans, useLingui } from "@lingui/react/macro";
import { Page } from "@/components/page";
import { Ended } from "@/features/tasks/ended";
import { UnderWay } from "@/features/tasks/under-way";

export default function TasksPage() {
  const { t } = useLingui();
  return (
    <Page width="medium" documentTitle={t`Tasks · SD Model Manager`} title={<Trans>Tasks</Trans>}>
      <UnderWay />
      <Ended />
    </Page>
  );
}
