import { Trans, useLingui } from "@lingui/react/macro";
import { Dialog } from "radix-ui";
import { type FormEvent, useId, useState } from "react";
import type { BulkChange } from "@/api/types";
import { Button } from "@/components/button";
import { Input } from "@/components/field";
import { Modal } from "@/components/modal";
import { tagNamesIn } from "@/lib/tag-names";

interface TagDialogProps {
  onSubmit: (change: Pick<BulkChange, "add_tags" | "remove_tags">) => void;
  onClose: () => void;
}

/** Asks which of the user's own tags many models get or lose. */
export default function TagDialog({ onSubmit, onClose }: TagDialogProps) {
  const { t } = useLingui();
  const [added, setAdded] = useState("");
  const [removed, setRemoved] = useState("");
  const isEmpty = added.trim() === "" && removed.trim() === "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [add_tags, remove_tags] = [tagNamesIn(added), tagNamesIn(removed)];
    onSubmit({ ...(add_tags.length > 0 && { add_tags }), ...(remove_tags.length > 0 && { remove_tags }) });
  };
  return (
    <Modal
      onClose={onClose}
      isDescribed
      className="top-1/3 left-1/2 w-[min(26rem,calc(100vw-2rem))] -translate-1/2 rounded-2xl border p-6"
    >
      <Dialog.Title className="text-lg font-semibold">
        <Trans>Tags of the selected models</Trans>
      </Dialog.Title>
      <Dialog.Description className="mt-1 text-[13px] leading-relaxed text-ink-soft">
        <Trans>Commas part tags. Tags from a source stay as they are.</Trans>
      </Dialog.Description>
      <form onSubmit={submit} className="mt-4 space-y-3">
        <TagField label={t`Add tags`} value={added} onChange={setAdded} />
        <TagField label={t`Remove tags`} value={removed} onChange={setRemoved} />
        <div className="flex justify-end gap-2 pt-2">
          <Dialog.Close asChild>
            <Button>
              <Trans>Cancel</Trans>
            </Button>
          </Dialog.Close>
          <Button type="submit" look="primary" disabled={isEmpty}>
            <Trans>Change tags</Trans>
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function TagField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-[13px] font-medium">
        {label}
      </label>
      <Input id={id} autoComplete="off" value={value} onChange={(event) => onChange(event.target.value)} />
    </div>
  );
}
