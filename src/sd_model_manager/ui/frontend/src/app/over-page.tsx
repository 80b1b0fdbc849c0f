import { useLingui } from "@lingui/react/macro";
import { Toaster } from "sonner";
import { Exports } from "@/components/export/exports";
import { theme } from "@/lib/theme";

/** What appears over any page: messages, and the dialog that a menu has asked for. */
export default function OverPage() {
  const { t } = useLingui();
  return (
    <>
      <Toaster
        theme={theme.use()}
        position="bottom-right"
        closeButton
        containerAriaLabel={t`Messages`}
        mobileOffset={{ bottom: 72 }}
        toastOptions={{
          classNames: {
            toast: "!rounded-xl !border-line !bg-surface !text-ink",
            description: "!text-ink-soft whitespace-pre-line",
            actionButton: "!rounded-md !bg-accent !px-2.5 !text-on-accent",
            closeButton: "!size-6 !border-line !bg-surface !text-ink-soft hover:!bg-raised",
            success: "[&_[data-icon]]:text-good",
            error: "[&_[data-icon]]:text-danger",
          },
        }}
      />
      <Exports />
    </>
  );
}
