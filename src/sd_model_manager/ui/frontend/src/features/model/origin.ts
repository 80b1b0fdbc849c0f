import { useLingui } from "@lingui/react/macro";
import type { ModelDetail } from "@/api/types";
import { SOURCE_NAMES } from "@/features/model/published-link";
import { findSidecarTool } from "@/lib/sidecar-tools";

/** Who said what is shown of a model, by the field; `undefined` where nobody did. */
export function useOrigin({ provenance }: Pick<ModelDetail, "provenance">): (field: string) => string | undefined {
  const { t } = useLingui();
  const places: Record<string, string> = {
    user: t`you`,
    header: t`the file`,
    folder: t`the folder it lies in`,
    file_name: t`the file name`,
  };
  const nameOf = (who: string) => places[who] ?? SOURCE_NAMES[who] ?? findSidecarTool(who)?.name ?? who;
  return (field) => {
    const said = provenance[field];
    return said && t`From ${said.split(",").map(nameOf).join(", ")}`;
  };
}
