import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "@/components/button";
import { Modal } from "@/components/modal";
import { cn } from "@/lib/cn";

interface SheetProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  side?: "left" | "right";
  className?: string;
}

/** A panel over the page, from its side; the whole screen on a phone. It brings its own scrolling. */
export function Sheet({ title, onClose, children, side = "right", className }: SheetProps) {
  const { t } = useLingui();
  return (
    <Modal
      onClose={onClose}
      className={cn(
        "inset-y-0 flex w-full flex-col sm:max-w-md",
        side === "right"
          ? "right-0 animate-[slide-in-right_.2s_ease-out] sm:border-l"
          : "left-0 animate-[slide-in-left_.2s_ease-out] sm:border-r",
        className,
      )}
    >
      <Dialog.Title className="sr-only">{title}</Dialog.Title>
      <div className="absolute top-2.5 right-2.5 z-20">
        <Dialog.Close asChild>
          <IconButton label={t`Close`} className="bg-surface/80 backdrop-blur">
            <X aria-hidden />
          </IconButton>
        </Dialog.Close>
      </div>
      {children}
    </Modal>
  );
}
