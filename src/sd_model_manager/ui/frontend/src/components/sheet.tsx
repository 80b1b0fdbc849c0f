import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { Modal, ModalClose } from "@/components/modal";
import { cn } from "@/lib/cn";

interface SheetProps {
  title: string;
  /** Further buttons in its head. */
  actions?: ReactNode;
  onClose: () => void;
  children: ReactNode;
  side?: "left" | "right";
  className?: string;
}

/** What a panel is called, and the way to close it: above what scrolls, so that they never cover it. */
export const panelHeadClass =
  "flex h-12 shrink-0 items-center justify-between border-b pr-2.5 pl-5 text-[13px] font-semibold text-ink-soft";

/** A panel over the page, from its side; the whole screen on a phone. It brings its own scrolling. */
export function Sheet({ title, actions, onClose, children, side = "right", className }: SheetProps) {
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
      <div className={panelHeadClass}>
        <Dialog.Title className="mr-auto">{title}</Dialog.Title>
        {actions}
        <ModalClose />
      </div>
      <div className="flex min-h-0 flex-1 flex-col">{children}</div>
    </Modal>
  );
}
