import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import type { components } from "@/api/schema";
import { TYPE_NAMES } from "@/lib/type-names";
import type { Word } from "@/words/facts";

const nameOf = (type: string) => i18n._(TYPE_NAMES[type as keyof typeof TYPE_NAMES] ?? TYPE_NAMES.unknown);

/** What to know before a file is fetched. */
export const CAUTIONS: Record<components["schemas"]["CautionCode"], Word> = {
  EARLY_ACCESS: (said) =>
    said.has("available_from")
      ? t`Early access until ${{ date: said.date("available_from") }}: until then it has to be bought on Civitai.`
      : t`Early access: for now it has to be bought on Civitai.`,
  PAID: () => t`This version has to be bought on Civitai before it can be downloaded with your key.`,
  DOWNLOADS_DISABLED: () => t`Its creator allows generating with it on Civitai only, not downloading it.`,
  ARCHIVED: (said) =>
    t`Its creator has archived this model; Civitai no longer gives out its files. CivArchive may know of a copy: ${{ copy: said.text("copy") }}`,
  TAKEN_DOWN: (said) =>
    t`Civitai has taken this model down; the download may be refused. CivArchive may know of a copy: ${{ copy: said.text("copy") }}`,
  LICENCE: () => t`Its creator does not allow commercial use, not even of images made with it.`,
  PICKLE: (said) => t`“${{ file: said.text("file") }}” is a pickle file, which can run programs when it is loaded.`,
  SCAN: (said) =>
    t`The source’s virus scan of “${{ file: said.text("file") }}” says: ${{ verdict: said.text("verdict") }}.`,
  NO_HASH: (said) => t`The source gives no SHA-256 for “${{ file: said.text("file") }}”, so it cannot be verified.`,
  EXPIRING_LINK: () =>
    t`This is a temporary storage link. Once it has expired it cannot be renewed; better paste the model’s page.`,
  GATED: (said) =>
    t`This repository is gated: accept its terms at ${{ page: said.text("page") }} and enter the Hugging Face token in the settings.`,
  MIRROR: () => t`This is a copy on a third party’s server, not the original on Civitai.`,
  NO_SPACE: (said) =>
    t`The disk of ${{ folder: said.text("folder") }} is too full: ${{ missing: said.bytes("missing_bytes") }} have to be freed for this download.`,
  OTHER_TYPE: (said) =>
    t`The page says that “${{ file: said.text("file") }}” is of the type ${{ announced: nameOf(said.text("announced")) }}, but its header says ${{ found: nameOf(said.text("found")) }}.`,
  OTHER_BASE_MODEL: (said) =>
    t`The page says that “${{ file: said.text("file") }}” is for ${{ announced: said.text("announced") }}, but its header says ${{ found: said.text("found") }}.`,
};
