import { Plural, Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { inspectionKey } from "@/api/downloads";
import type { Offer } from "@/api/types";
import { Button } from "@/components/button";
import { OfferCard } from "@/features/downloads/offer-card";
import { useDownloadStart } from "@/features/downloads/start";

interface OfferListProps {
  links: string[];
  onDone: (link: string) => void;
}

/** What the pasted links would fetch; each to be started alone, or all together. */
export function OfferList({ links, onDone }: OfferListProps) {
  const queryClient = useQueryClient();
  const start = useDownloadStart();
  const [isStarting, setIsStarting] = useState(false);
  if (links.length === 0) return null;

  const startAll = async () => {
    setIsStarting(true);
    for (const link of links) {
      const offer = queryClient.getQueryData<Offer>(inspectionKey(link));
      if (offer && !offer.on_disk && (await start({ url: link }))) onDone(link);
    }
    setIsStarting(false);
  };
  return (
    <section className="space-y-3">
      {links.map((link) => (
        <OfferCard key={link} link={link} onDone={() => onDone(link)} />
      ))}
      {links.length > 1 && (
        <div className="flex items-center justify-end gap-3">
          <span className="text-[13px] text-ink-faint">
            <Plural value={links.length} one="# link" other="# links" />
          </span>
          <Button look="primary" disabled={isStarting} onClick={startAll}>
            <Download aria-hidden />
            <Trans>Download all that are new</Trans>
          </Button>
        </div>
      )}
    </section>
  );
}
