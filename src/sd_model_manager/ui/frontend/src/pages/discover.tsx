import { useLingui } from "@lingui/react/macro";
import { Suspense, useCallback, useState } from "react";
import { Discover } from "@/features/discover/discover";
import { useDownloadStart } from "@/features/downloads/start";
import { lazyPart } from "@/lib/lazy-part";

const OfferDialog = lazyPart(() => import("@/features/downloads/offer-dialog"));

/** Looking around at the sources; what is found goes into the queue of downloads like any pasted link. */
export default function DiscoverPage() {
  const { t } = useLingui();
  const start = useDownloadStart();
  const [inspected, setInspected] = useState<string | null>(null);
  const close = useCallback(() => setInspected(null), []);
  return (
    <>
      <title>{t`Discover · SD Model Manager`}</title>
      <Discover onDownload={(link, fileId) => start({ url: link, file_id: fileId ?? null })} onInspect={setInspected} />
      {inspected !== null && (
        <Suspense>
          <OfferDialog link={inspected} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
