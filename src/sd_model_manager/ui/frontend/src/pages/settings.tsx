import { Trans, useLingui } from "@lingui/react/macro";
import { About } from "@/features/settings/about";
import { Appearance } from "@/features/settings/appearance";
import { Credentials } from "@/features/settings/credentials";
import { Folders } from "@/features/settings/folders";
import { PlainSettings } from "@/features/settings/plain-settings";
import { ScanProblems } from "@/features/settings/scan-problems";

export default function SettingsPage() {
  const { t } = useLingui();
  return (
    <div className="h-full overflow-y-auto">
      <title>{t`Settings · SD Model Manager`}</title>
      <div className="mx-auto max-w-3xl space-y-5 px-4 py-6 sm:py-8">
        <h1 className="text-2xl font-semibold tracking-tight">
          <Trans>Settings</Trans>
        </h1>
        <Folders />
        <ScanProblems />
        <Credentials />
        <Appearance />
        <PlainSettings />
        <About />
      </div>
    </div>
  );
}
