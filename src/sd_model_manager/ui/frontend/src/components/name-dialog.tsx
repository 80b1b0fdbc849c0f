import { Trans } from "@lingui/react/macro";
import { Dialog } from "radix-ui";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/button";
import { Input } from "@/components/field";
import { Modal } from "@/components/modal";
import { Sentence } from "@/components/sentence";

interface NameDialogProps {
  title: string;
  label: string;
  action: string;
  name?: string;
  placeholder?: string;
  longest?: number;
  /** Not to be seen while it is typed, and taken as it is. */
  isSecret?: boolean;
  /** What the server said against the last try. */
  error: Error | null;
  isBusy: boolean;
  onSubmit: (name: string) => void;
  onClose: () => void;
}

/** Asks for a name; what speaks against it is said below the field, where it can be mended. */
export default function NameDialog(props: NameDialogProps) {
  const {
    title,
    label,
    action,
    placeholder,
    longest = 200,
    isSecret = false,
    error,
    isBusy,
    onSubmit,
    onClose,
  } = props;
  const [name, setName] = useState(props.name ?? "");
  const errorId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) onSubmit(isSecret ? name : name.trim());
  };
  return (
    <Modal
      onClose={onClose}
      className="top-1/3 left-1/2 w-[min(26rem,calc(100vw-2rem))] -translate-1/2 rounded-2xl border p-6"
    >
      <Dialog.Title className="text-lg font-semibold break-words">{title}</Dialog.Title>
      <form onSubmit={submit} className="mt-4">
        <Input
          type={isSecret ? "password" : "text"}
          aria-label={label}
          aria-invalid={error !== null}
          aria-describedby={errorId}
          placeholder={placeholder ?? label}
          autoComplete="off"
          maxLength={longest}
          value={name}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
        <p id={errorId} role="status" className="text-[13px] leading-relaxed text-danger not-empty:mt-1.5">
          {error && <Sentence said={error} />}
        </p>
        <div className="mt-5 flex justify-end gap-2">
          <Dialog.Close asChild>
            <Button>
              <Trans>Cancel</Trans>
            </Button>
          </Dialog.Close>
          <Button type="submit" look="primary" disabled={isBusy || !name.trim()}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
