import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Setting } from "@/api/types";

interface GroupOfSettings {
  id: string;
  title: MessageDescriptor;
  /** The settings whose names begin so. */
  begins: RegExp;
}

const FURTHER = { id: "further", title: msg`Further settings` };

/** In the order of the page. A setting that none of them knows stands among the further ones, so none is lost. */
const GROUPS: readonly GroupOfSettings[] = [
  {
    id: "downloads",
    title: msg`Downloads`,
    begins: /^(download|connections_per|bandwidth|path_template|save_previews)/,
  },
  { id: "noticing", title: msg`Noticing changes`, begins: /^(watch|poll)/ },
  { id: "hashes", title: msg`Hashes`, begins: /^hash/ },
  { id: "lookups", title: msg`Looking models up`, begins: /^(match|check_updates|lookup)/ },
  { id: "sidecars", title: msg`Files of other tools`, begins: /^sidecar/ },
  { id: "mature", title: msg`Mature content`, begins: /^(mature|nsfw)/ },
];

export interface FilledGroup {
  id: string;
  title: MessageDescriptor;
  settings: Setting[];
}

/** What can be changed on the page, secrets aside, by what it is about. Groups without any are left out. */
export function groupSettings(settings: readonly Setting[]): FilledGroup[] {
  const editable = settings.filter((setting) => setting.is_editable && !setting.is_secret);
  const idOf = (setting: Setting) => GROUPS.find((group) => group.begins.test(setting.key))?.id ?? FURTHER.id;
  return [...GROUPS, FURTHER]
    .map(({ id, title }) => ({ id, title, settings: editable.filter((setting) => idOf(setting) === id) }))
    .filter((group) => group.settings.length > 0);
}
