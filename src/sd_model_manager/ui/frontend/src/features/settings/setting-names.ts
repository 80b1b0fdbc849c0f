import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { Setting } from "@/api/types";

interface NamedSetting {
  label: MessageDescriptor;
  hint: MessageDescriptor;
}

/** The settings the page has words for. */
const NAMES: Record<string, NamedSetting> = {
  downloads_at_once: {
    label: msg`Downloads at once`,
    hint: msg`How many downloads run at the same time; the others wait.`,
  },
  connections_per_download: {
    label: msg`Connections per download`,
    hint: msg`How many connections one download may open. More is faster only where the source allows it.`,
  },
  hash_in_background: {
    label: msg`Compute hashes in the background`,
    hint: msg`After a scan, new files are read once at low priority. Hashes tell copies apart for certain.`,
  },
  save_previews: {
    label: msg`Save a preview beside downloads`,
    hint: msg`A picture with the name of the model, which ComfyUI, Forge and others show too.`,
  },
};

/** How a setting is called: in the page's own words, else in those of the server. */
export function useSettingName(setting: Setting): { label: string; hint: string } {
  const { t } = useLingui();
  const named = NAMES[setting.key];
  if (named) return { label: t(named.label), hint: t(named.hint) };
  return { label: spelled(setting.key), hint: setting.description };
}

function spelled(key: string): string {
  const words = key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
