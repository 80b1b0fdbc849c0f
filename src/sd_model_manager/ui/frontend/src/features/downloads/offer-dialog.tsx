import { useLingui } from "@lingui/react/macro";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { Modal } from "@/components/modal";
import { AS_PROPOSED } from "@/features/downloads/choice";
import { OfferCard } from "@/features/downloads/offer-card";

/** What one link is, over any page; closed when it is queued or dismissed. */
export default function OfferDialog({ link, onClose }: { link: string; onClose: () => void }) {
  const { t } = useLingui();
  const [choice, setChoice] = useState(AS_PROPOSED);
  return (
    <Modal
      onClose={onClose}
      className="top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-[min(40rem,calc(100vw-2rem))] -translate-1/2 overflow-y-auto rounded-2xl"
    >
      <Dialog.Title className="sr-only">{t`What would be downloaded`}</Dialog.Title>
      <OfferCard link={link} choice={choice} onChoose={setChoice} onDone={onClose} />
    </Modal>
  );
}
