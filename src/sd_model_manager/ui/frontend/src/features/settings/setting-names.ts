import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { Setting } from "@/api/types";
import { fillTemplate } from "@/features/settings/path-example";
import { findSidecarTool } from "@/lib/sidecar-tools";

/** In what people would give a number, where that is not what the server counts in. */
export interface Unit {
  symbol: MessageDescriptor;
  /** How many of the server's units it is. */
  size: number;
}

interface NamedSetting {
  label: MessageDescriptor;
  hint: MessageDescriptor;
  unit?: Unit;
  /** What a text comes to, shown while it is typed. */
  exampleOf?: (text: string) => string;
}

/** The settings the page has words for. */
const NAMES: Record<string, NamedSetting> = {
  downloads_at_once: {
    label: msg`Downloads at once`,
    hint: msg`How many downloads run at the same time; the others wait.`,
  },
  downloads_per_host: {
    label: msg`Of these, from one site`,
    hint: msg`How many of them may come from the same site. Some sites refuse too many.`,
  },
  connections_per_download: {
    label: msg`Connections per download`,
    hint: msg`How many connections one download may open. More is faster only where the source allows it.`,
  },
  bandwidth_limit: {
    label: msg`Fastest download`,
    hint: msg`For all downloads together. 0 is as fast as can be.`,
    unit: { symbol: msg`MB/s`, size: 1_000_000 },
  },
  bandwidth_schedule: {
    label: msg`Other limits at other times`,
    hint: msg`Such as “Mon-Fri 08:00-18:00=2MB; 22:00-07:00=0”: 2 MB/s in working hours, no limit at night.`,
  },
  path_template: {
    label: msg`Where downloads go`,
    hint: msg`The folders below the library folder. In braces: type, base_model, creator, model_name, version_name, source, year; in the last part also file_name.`,
    exampleOf: fillTemplate,
  },
  hash_in_background: {
    label: msg`Compute hashes in the background`,
    hint: msg`After a scan, new files are read once at low priority. Hashes tell copies apart for certain.`,
  },
  hash_files_at_once: {
    label: msg`Files hashed at once`,
    hint: msg`More is faster on fast drives, and slower on ones that spin.`,
  },
  save_previews: {
    label: msg`Save a preview beside downloads`,
    hint: msg`A picture with the name of the model, which ComfyUI, Forge and others show too.`,
  },
  sidecar_export: {
    label: msg`Files to keep up to date`,
    hint: msg`Small files beside each model, in which other tools find what you know here.`,
  },
  watch: {
    label: msg`Notice changes at once`,
    hint: msg`New, changed and removed files appear without a scan.`,
  },
  watch_by_polling: {
    label: msg`Look from time to time`,
    hint: msg`For drives that do not tell of changes, such as network shares in containers.`,
  },
  poll_seconds: {
    label: msg`How often to look`,
    hint: msg`For folders that do not tell of changes by themselves.`,
    unit: { symbol: msg`sec`, size: 1 },
  },
  match_in_background: {
    label: msg`Look new models up by themselves`,
    hint: msg`Asks Civitai what new files are, by their hashes. Nothing else is sent.`,
  },
  check_updates_every_hours: {
    label: msg`Look for newer versions`,
    hint: msg`How often Civitai is asked. 0 is only when you ask.`,
    unit: { symbol: msg`hours`, size: 1 },
  },
  mature_content: {
    label: msg`Mature models`,
    hint: msg`Blurred pictures are revealed one by one. Hidden models are in no list and no count.`,
  },
  mature_from: {
    label: msg`What counts as mature`,
    hint: msg`By the ratings of Civitai, and the most mature picture of a model. What nobody rated does not count.`,
  },
};

const CHOICE_WORDS: Record<string, MessageDescriptor> = {
  show: msg`Show`,
  blur: msg`Blur`,
  hide: msg`Hide`,
  pg13: msg`PG-13 and above`,
  r: msg`R and above`,
  x: msg`X and above`,
  xxx: msg`XXX only`,
};

/** How the values that a setting can have are called. */
export function useChoiceName(): (choice: string) => string {
  const { t } = useLingui();
  return (choice) => {
    const words = CHOICE_WORDS[choice];
    const tool = findSidecarTool(choice);
    if (tool) return `${tool.name} (${tool.suffix})`;
    return words ? t(words) : spelled(choice);
  };
}

interface Words {
  label: string;
  hint: string;
}

/** How a setting is called: in the page's own words, else in those of the server. */
export function useSettingName(setting: Setting): Pick<NamedSetting, "unit" | "exampleOf"> & Words {
  const { t } = useLingui();
  const named = NAMES[setting.key];
  if (named) return { ...named, label: t(named.label), hint: t(named.hint) };
  return { label: spelled(setting.key), hint: setting.description };
}

export function spelled(key: string): string {
  const words = key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
