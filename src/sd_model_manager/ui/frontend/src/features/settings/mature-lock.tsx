import { Trans, useLingui } from "@lingui/react/macro";
import { Lock, LockOpen } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { toast } from "sonner";
import { type Mature, useLockMature, useMature, useSetPassphrase, useUnlockMature } from "@/api/mature";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { Input } from "@/components/field";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";
import { useKeptFocus } from "@/lib/use-kept-focus";

/** The passphrase of mature content: to set, to give, and to take away. */
export function MatureLock() {
  const mature = useMature();
  const box = useKeptFocus<HTMLDivElement>(mature.data && `${mature.data.has_passphrase} ${mature.data.is_locked}`);
  if (mature.isPending) return <Skeleton className="mt-4 h-24" />;
  if (mature.isLoadingError)
    return <ErrorNotice className="mt-4" error={mature.error} onRetry={() => void mature.refetch()} />;
  return (
    <div ref={box} tabIndex={-1} className="mt-3.5 border-t pt-3.5 outline-none">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="text-sm font-medium">
          <Trans>Lock</Trans>
        </h3>
        <LockBadge mature={mature.data} />
      </div>
      <p className="mt-0.5 mb-2.5 text-[13px] leading-relaxed text-ink-soft">
        <Trans>
          Without the passphrase nothing is revealed and nothing changed here, and what is to be shown is blurred.
          Giving it unlocks this browser for twelve hours, or until it is closed.
        </Trans>
      </p>
      <Control mature={mature.data} />
    </div>
  );
}

function LockBadge({ mature: { has_passphrase, is_locked } }: { mature: Mature }) {
  if (!has_passphrase) {
    return (
      <Badge>
        <Trans>No passphrase</Trans>
      </Badge>
    );
  }
  return is_locked ? (
    <Badge tone="warn">
      <Lock aria-hidden />
      <Trans>Locked</Trans>
    </Badge>
  ) : (
    <Badge tone="good">
      <LockOpen aria-hidden />
      <Trans>Unlocked here</Trans>
    </Badge>
  );
}

function Control({ mature }: { mature: Mature }) {
  if (!mature.has_passphrase) return <FirstPassphrase />;
  return mature.is_locked ? <Unlock /> : <Unlocked />;
}

function FirstPassphrase() {
  const { t } = useLingui();
  const { mutate, isPending, error } = useSetPassphrase();
  const set = (passphrase: string) => mutate({ passphrase }, { onSuccess: () => toast.success(t`Passphrase set`) });
  return (
    <PassphraseForm
      label={t`New passphrase`}
      isNew
      action={<Trans>Set passphrase</Trans>}
      isBusy={isPending}
      error={error}
      onSubmit={set}
    />
  );
}

function Unlock() {
  const { t } = useLingui();
  const { mutate, isPending, error } = useUnlockMature();
  return (
    <PassphraseForm
      label={t`Passphrase`}
      action={<Trans>Unlock</Trans>}
      isBusy={isPending}
      error={error}
      onSubmit={(passphrase) => mutate(passphrase)}
    />
  );
}

function Unlocked() {
  const { t } = useLingui();
  const lock = useLockMature();
  const remove = useSetPassphrase();
  const [isRemoving, setIsRemoving] = useState(false);
  if (isRemoving) {
    const removeIt = (current: string) =>
      remove.mutate({ passphrase: null, current }, { onSuccess: () => toast.success(t`Passphrase removed`) });
    return (
      <PassphraseForm
        label={t`Passphrase`}
        action={<Trans>Remove passphrase</Trans>}
        isBusy={remove.isPending}
        error={remove.error}
        onSubmit={removeIt}
        onCancel={() => setIsRemoving(false)}
      />
    );
  }
  return (
    <div className="flex flex-wrap gap-2">
      <Button disabled={lock.isPending} onClick={() => lock.mutate()}>
        <Lock aria-hidden />
        <Trans>Lock now</Trans>
      </Button>
      <Button look="quiet" onClick={() => setIsRemoving(true)}>
        <Trans>Remove passphrase</Trans>
      </Button>
    </div>
  );
}

const SHORTEST = 4;

interface PassphraseFormProps {
  label: string;
  action: ReactNode;
  /** One that is chosen now, and not one that was. */
  isNew?: boolean;
  isBusy: boolean;
  error: Error | null;
  onSubmit: (passphrase: string) => void;
  onCancel?: () => void;
}

function PassphraseForm({ label, action, isNew = false, isBusy, error, onSubmit, onCancel }: PassphraseFormProps) {
  const id = useId();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(text);
  };
  return (
    <form onSubmit={submit}>
      <label htmlFor={id} className="mb-1 block text-[13px] text-ink-soft">
        {isNew ? <Trans>{label} (four characters or more)</Trans> : label}
      </label>
      <div className="flex flex-wrap gap-2">
        <Input
          id={id}
          type="password"
          autoComplete={isNew ? "new-password" : "off"}
          aria-invalid={error !== null}
          aria-describedby={`${id}-error`}
          maxLength={200}
          autoFocus={onCancel !== undefined}
          className="min-w-0 flex-1 basis-48"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={isBusy || text.length < (isNew ? SHORTEST : 1)}>
          {action}
        </Button>
        {onCancel && (
          <Button look="quiet" onClick={onCancel}>
            <Trans>Cancel</Trans>
          </Button>
        )}
      </div>
      <p id={`${id}-error`} role="status" className="text-[13px] leading-relaxed text-danger not-empty:mt-1.5">
        {error?.message}
      </p>
    </form>
  );
}
