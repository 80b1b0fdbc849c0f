import { useLingui } from "@lingui/react/macro";
import { Dialog } from "radix-ui";
import { OfferCard } from "@/features/downloads/offer-card";

/** What one link is, over any page; closed when it is queued or dismissed. */
export default function OfferDialog({ link, onClose }: { link: string; onClose: () => void }) {
  const { t } = useLingui();
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/50 backdrop-blur-[2px]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-2rem)] w-[min(40rem,calc(100vw-2rem))] -translate-1/2 overflow-y-auto rounded-2xl shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">{t`What would be downloaded`}</Dialog.Title>
          <OfferCard link={link} onDone={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
