import { Trans, useLingui } from "@lingui/react/macro";
import { type KeySource, useSettings } from "@/api/settings";
import type { Setting } from "@/api/types";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";
import { Panel } from "@/features/settings/panel";
import { SecretSetting } from "@/features/settings/secret-setting";
import { spelled } from "@/features/settings/setting-names";

/** The keys with which sources let this library in. */
export function Credentials() {
  return (
    <Panel
      id="accounts"
      title={<Trans>Accounts</Trans>}
      hint={
        <Trans>Keys stay on this computer, are sent only to the site they belong to, and are never shown again.</Trans>
      }
    >
      <CredentialFields />
    </Panel>
  );
}

/** A field for each key. */
export function CredentialFields() {
  const settings = useSettings();
  if (settings.isPending) return <Skeleton className="h-24" />;
  if (settings.isLoadingError) return <ErrorNotice error={settings.error} onRetry={() => void settings.refetch()} />;
  return (
    <div className="space-y-5">
      {settings.data
        .filter((setting) => setting.is_secret && setting.is_editable)
        .map((setting) => (
          <Credential key={setting.key} setting={setting} />
        ))}
    </div>
  );
}

const SOURCES: Record<string, KeySource> = { civitai_api_key: "civitai", huggingface_token: "huggingface" };

function Credential({ setting }: { setting: Setting }) {
  const { t } = useLingui();
  const labels: Record<string, string> = {
    civitai_api_key: t`Civitai API key`,
    huggingface_token: t`Hugging Face token`,
  };
  return (
    <SecretSetting
      setting={setting}
      source={SOURCES[setting.key]}
      label={labels[setting.key] ?? spelled(setting.key)}
      hint={<Hint setting={setting} />}
    />
  );
}

function Hint({ setting }: { setting: Setting }) {
  if (setting.key === "huggingface_token") {
    return <Trans>Needed only for repositories whose licence you have to accept first.</Trans>;
  }
  if (setting.key !== "civitai_api_key") return setting.description;
  return (
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
}
