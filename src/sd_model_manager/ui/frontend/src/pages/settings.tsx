import { Trans, useLingui } from "@lingui/react/macro";
import { Page } from "@/components/page";
import { About } from "@/features/settings/about";
import { Appearance } from "@/features/settings/appearance";
import { ComfyPaths } from "@/features/settings/comfy-paths";
import { Contents } from "@/features/settings/contents";
import { Credentials } from "@/features/settings/credentials";
import { Folders } from "@/features/settings/folders";
import { GroupedSettings } from "@/features/settings/grouped-settings";
import { UnreadableNotice } from "@/features/settings/unreadable-notice";
import { useNamedPart } from "@/features/settings/use-named-part";

export default function SettingsPage() {
  const { t } = useLingui();
  useNamedPart();
  return (
    <Page width="medium" documentTitle={t`Settings · SD Model Manager`} title={<Trans>Settings</Trans>}>
      <div className="lg:grid lg:grid-cols-[12rem_minmax(0,1fr)] lg:gap-8">
        <Contents className="sticky top-4 -ml-3 self-start max-lg:hidden" />
        <div className="space-y-5">
          <Folders />
          <UnreadableNotice />
          <Credentials />
          <Appearance />
          <GroupedSettings />
          <ComfyPaths />
          <About />
        </div>
      </div>
    </Page>
  );
}
