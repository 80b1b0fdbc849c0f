import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Setting } from "@/api/types";

interface NamedSetting {
  label: MessageDescriptor;
  hint: MessageDescriptor;
}

/** The settings the page has words for. */
const NAMES: Record<string, NamedSetting> = {};

/** How a setting is called: in the page's own words, else in those of the server. */
export function describeSetting(setting: Setting): NamedSetting {
  return NAMES[setting.key] ?? { label: asIs(spelled(setting.key)), hint: asIs(setting.description) };
}

function asIs(text: string): MessageDescriptor {
  return { id: text, message: text };
}

function spelled(key: string): string {
  const words = key.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
