import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { IconButton } from "@/components/button";
import { cn } from "@/lib/cn";

interface ModalProps {
  onClose: () => void;
  /** Where it stands and how large it is. */
  className: string;
  children: ReactNode;
  /** Whether a `Dialog.Description` among the children says more than the title. */
  isDescribed?: boolean;
}

/** Something over the page that takes the keyboard until it is closed. A `Dialog.Title` among the children names it. */
export function Modal({ onClose, className, children, isDescribed = false }: ModalProps) {
  const [opener] = useState(() => document.activeElement);
  // There is no trigger that the dialog knows of, so it would leave the focus nowhere.
  const onCloseAutoFocus = (event: Event) => {
    event.preventDefault();
    const isNowhere = document.activeElement === null || document.activeElement === document.body;
    if (isNowhere && opener instanceof HTMLElement) opener.focus();
  };
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/50 backdrop-blur-[2px]" />
        <Dialog.Content
          {...(isDescribed ? {} : { "aria-describedby": undefined })}
          onCloseAutoFocus={onCloseAutoFocus}
          className={cn("fixed z-50 bg-surface shadow-float outline-none", className)}
        >
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The way out in its head. */
export function ModalClose() {
  const { t } = useLingui();
  return (
    <Dialog.Close asChild>
      <IconButton label={t`Close`}>
        <X aria-hidden />
      </IconButton>
    </Dialog.Close>
  );
}
