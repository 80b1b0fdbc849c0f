import { useLingui } from "@lingui/react/macro";
import { useUnlockMature } from "@/api/mature";
import NameDialog from "@/components/name-dialog";

interface UnlockDialogProps {
  onClose: () => void;
  onUnlocked?: () => void;
}

/** Asks for the passphrase of mature content. */
export default function UnlockDialog({ onClose, onUnlocked }: UnlockDialogProps) {
  const { t } = useLingui();
  const unlock = useUnlockMature();
  const submit = (passphrase: string) =>
    unlock.mutate(passphrase, {
      onSuccess: () => {
        onUnlocked?.();
        onClose();
      },
    });
  return (
    <NameDialog
      title={t`Mature content is locked`}
      label={t`Passphrase`}
      action={t`Unlock`}
      isSecret
      error={unlock.error}
      isBusy={unlock.isPending}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}
