import { Trans, useLingui } from "@lingui/react/macro";
import { useSettings } from "@/api/settings";
import { Skeleton } from "@/components/skeleton";
import { ErrorState } from "@/components/states";
import { Panel } from "@/features/settings/panel";
import { SecretSetting } from "@/features/settings/secret-setting";

/** The keys with which sources let this library in. */
export function Credentials() {
  return (
    <Panel
      title={<Trans>Accounts</Trans>}
      hint={
        <Trans>Keys stay on this computer, are sent only to the site they belong to, and are never shown again.</Trans>
      }
    >
      <CredentialFields />
    </Panel>
  );
}

export function CredentialFields() {
  const settings = useSettings();
  if (settings.isPending) return <Skeleton className="h-24" />;
  if (settings.isError) return <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />;
  return (
    <div className="space-y-5">
      <CivitaiKey />
      <HuggingFaceToken />
    </div>
  );
}

export function CivitaiKey() {
  const { t } = useLingui();
  const setting = useSettings().data?.find((known) => known.key === "civitai_api_key");
  if (!setting) return null;
  const hint = (
    <Trans>
      Many creators let only signed-in users download. Create a key at{" "}
      <a
        className="rounded text-accent-ink underline underline-offset-2"
        href="https://civitai.com/user/account"
        target="_blank"
        rel="noreferrer noopener"
      >
        civitai.com
      </a>
      , under “API Keys”.
    </Trans>
  );
  return <SecretSetting setting={setting} label={t`Civitai API key`} hint={hint} />;
}

function HuggingFaceToken() {
  const { t } = useLingui();
  const setting = useSettings().data?.find((known) => known.key === "huggingface_token");
  if (!setting) return null;
  const hint = <Trans>Needed only for repositories whose licence you have to accept first.</Trans>;
  return <SecretSetting setting={setting} label={t`Hugging Face token`} hint={hint} />;
}
