import { t } from "@lingui/core/macro";
import type { components } from "@/api/schema";
import type { Word } from "@/words/facts";

/** What the creator of a model allows and asks for. */
export const LICENCE_TERMS: Record<components["schemas"]["LicenceTerm"], Word> = {
  NO_CREDIT_NEEDED: () => t`no credit needed`,
  CREDIT_REQUIRED: () => t`credit required`,
  NO_COMMERCIAL_USE: () => t`no commercial use`,
  SELLING_IMAGES: () => t`images may be sold`,
  GENERATION_ON_CIVITAI: () => t`paid generation on Civitai allowed`,
  GENERATION_SERVICES: () => t`paid generation services allowed`,
  SELLING_THE_MODEL: () => t`the model may be sold`,
  MERGES_ALLOWED: () => t`merges allowed`,
  NO_MERGES: () => t`no merges`,
  SAME_TERMS: () => t`derivatives keep these terms`,
};
