import { Plural, Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { inspectionKey } from "@/api/inspection";
import type { Offer } from "@/api/types";
import { Button } from "@/components/button";
import { AS_PROPOSED, type Choice, wishesOf } from "@/features/downloads/choice";
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
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const choiceOf = (link: string) => choices[link] ?? AS_PROPOSED;
  if (links.length === 0) return null;

  const startAll = async () => {
    setIsStarting(true);
    for (const link of links) {
      const choice = choiceOf(link);
      const offer = queryClient.getQueryData<Offer>(inspectionKey({ url: link, file_id: choice.fileId }));
      if (offer && !offer.on_disk && (await start(...wishesOf(link, offer, choice)))) onDone(link);
    }
    setIsStarting(false);
  };
  return (
    <section className="space-y-3">
      {links.length > 1 && (
        <div className="sticky top-0 z-10 -mx-2 flex items-center justify-end gap-3 bg-canvas/95 px-2 py-2">
          <span className="text-[13px] text-ink-faint">
            <Plural value={links.length} one="# link" other="# links" />
          </span>
          <Button look="primary" disabled={isStarting} onClick={startAll}>
            <Download aria-hidden />
            <Trans>Download all that are new</Trans>
          </Button>
        </div>
      )}
      {links.map((link) => (
        <OfferCard
          key={link}
          link={link}
          choice={choiceOf(link)}
          onChoose={(choice) => setChoices((now) => ({ ...now, [link]: choice }))}
          onDone={() => onDone(link)}
        />
      ))}
    </section>
  );
}
