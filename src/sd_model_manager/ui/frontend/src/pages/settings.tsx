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
        <Contents className="sticky z-10 max-lg:top-0 max-lg:-mx-4 max-lg:mb-4 max-lg:border-b max-lg:bg-canvas max-lg:px-1 lg:top-4 lg:-ml-3 lg:self-start" />
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
