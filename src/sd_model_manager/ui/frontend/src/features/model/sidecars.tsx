import { Trans, useLingui } from "@lingui/react/macro";
import { FileText } from "lucide-react";
import { Suspense, useState } from "react";
import type { ModelDetail } from "@/api/types";
import { Button } from "@/components/button";
import { useFormat } from "@/lib/format";
import { lazyPart } from "@/lib/lazy-part";
import { findSidecarTool } from "@/lib/sidecar-tools";

const SidecarDialog = lazyPart(() => import("@/features/model/sidecar-dialog"));

/** The files that other tools left beside a model, as rows of the list of its files; each can be looked at. */
export function Sidecars({ model: { id, sidecars } }: { model: Pick<ModelDetail, "id" | "sidecars"> }) {
  const { t } = useLingui();
  const format = useFormat();
  const [shown, setShown] = useState<number | null>(null);
  const sidecar = sidecars.find((known) => known.id === shown);
  return (
    <>
      {sidecars.map(({ id: key, filename, kind, read_at }) => (
        <li key={key} className="flex items-center gap-2.5 py-1.5 pr-1 pl-3 text-xs text-ink-faint">
          <FileText className="size-4 shrink-0" aria-hidden />
          <span className="min-w-0 flex-1">
            <span className="block text-ink-soft [overflow-wrap:anywhere]">{filename}</span>
            <span>
              {findSidecarTool(kind)?.name ?? kind} · <Trans>read {format.ago(read_at)}</Trans>
            </span>
          </span>
          <Button look="quiet" size="small" aria-label={t`Show ${filename}`} onClick={() => setShown(key)}>
            <Trans>Show</Trans>
          </Button>
        </li>
      ))}
      {sidecar && (
        <Suspense>
          <SidecarDialog modelId={id} sidecar={sidecar} onClose={() => setShown(null)} />
        </Suspense>
      )}
    </>
  );
}
