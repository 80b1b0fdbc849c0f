import { useLingui } from "@lingui/react/macro";
import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { IconButton } from "@/components/button";
import { copyText } from "@/lib/clipboard";
import { cn } from "@/lib/cn";
import { toast } from "@/lib/toast";

const SHOWN_MS = 1500;

/** Copies a text; `isCopied` holds for a moment after. A refusal by the browser is told in a toast. */
function useCopy(text: string) {
  const { t } = useLingui();
  const [copies, setCopies] = useState(0);
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (copies === 0) return;
    setIsCopied(true);
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copies]);
  const copy = () =>
    copyText(text).then(
      () => setCopies((count) => count + 1),
      () => toast.error(t`The browser did not allow copying. Select the text and copy it by hand.`),
    );
  return { copy, isCopied };
}

function CopyMark({ isCopied }: { isCopied: boolean }) {
  return isCopied ? <Check aria-hidden className="text-good" /> : <Copy aria-hidden />;
}

export function CopyIconButton({ text, label }: { text: string; label: string }) {
  const { t } = useLingui();
  const { copy, isCopied } = useCopy(text);
  return (
    <IconButton size="smallIcon" label={isCopied ? t`Copied` : label} onClick={copy}>
      <CopyMark isCopied={isCopied} />
    </IconButton>
  );
}

interface CopyChipProps {
  text: string;
  children?: ReactNode;
  className?: string;
}

/** A text to click on: it copies itself. */
export function CopyChip({ text, children, className }: CopyChipProps) {
  const { t } = useLingui();
  const { copy, isCopied } = useCopy(text);
  return (
    <button
      type="button"
      onClick={copy}
      title={t`Copy`}
      className={cn(
        "inline-flex max-w-full items-center gap-1.5 rounded-lg border bg-surface px-2.5 py-1 text-left text-[13px] text-ink",
        "transition-colors hover:border-accent-ink hover:bg-accent-soft [&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:text-ink-faint",
        className,
      )}
    >
      <span className="min-w-0 break-words">{children ?? text}</span>
      <CopyMark isCopied={isCopied} />
      <span className="sr-only" aria-live="polite">
        {isCopied ? t`Copied` : ""}
      </span>
    </button>
  );
}
