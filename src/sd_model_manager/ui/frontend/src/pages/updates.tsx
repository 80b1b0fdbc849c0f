import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "react-router";
import { Page } from "@/components/page";
import { useDownloadStart } from "@/features/downloads/start";
import { CheckAgainButton, CheckState } from "@/features/updates/check";
import { IgnoredList } from "@/features/updates/ignored-list";
import { Updates } from "@/features/updates/updates";

export default function UpdatesPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const start = useDownloadStart();
  return (
    <Page
      documentTitle={t`Updates · SD Model Manager`}
      title={<Trans>Updates</Trans>}
      hint={<Trans>Later versions of what you have, for the same base model. The old files stay where they are.</Trans>}
      aside={<CheckAgainButton />}
      width="wide"
    >
      <CheckState />
      <Updates
        onDownload={(url) => start({ url })}
        onInspect={(...links) => navigate("/downloads", { state: { links } })}
      />
      <IgnoredList />
    </Page>
  );
}
