import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";

/** A filter that is chosen; a click takes it away. */
export function FilterChip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const { t } = useLingui();
  return (
    <button
      type="button"
      aria-label={t`Remove the filter ${label}`}
      onClick={onRemove}
      className="inline-flex h-6.5 max-w-56 items-center gap-1 rounded-full bg-accent-soft pr-1.5 pl-2.5 text-xs font-medium text-accent-ink hover:line-through"
    >
      <span className="truncate">{label}</span>
      <X className="size-3 shrink-0" aria-hidden />
    </button>
  );
}
