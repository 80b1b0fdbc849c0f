import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";
import { CopyIconButton } from "@/components/copy-button";

/** What the file's header carries, as it stands there: training settings, licence, author. */
export function HeaderMetadata({ metadata }: { metadata: Record<string, string> }) {
  const { t } = useLingui();
  const entries = Object.entries(metadata).sort(([one], [other]) => one.localeCompare(other));
  if (entries.length === 0) return null;
  return (
    <details className="group rounded-xl border">
      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-xl px-3 py-2.5 text-[13px] font-semibold hover:bg-raised">
        <ChevronRight className="size-4 text-ink-faint transition-transform group-open:rotate-90" aria-hidden />
        <Trans>Header metadata</Trans>
        <span className="ml-auto font-normal text-ink-faint">
          <Plural value={entries.length} one="# entry" other="# entries" />
        </span>
      </summary>
      <dl className="divide-y border-t">
        {entries.map(([name, value]) => (
          <div key={name} className="flex items-start gap-2 py-1.5 pr-1.5 pl-3">
            <div className="min-w-0 flex-1 py-1">
              <dt className="text-xs text-ink-faint [overflow-wrap:anywhere]">{name}</dt>
              <dd className="mt-0.5 max-h-40 overflow-y-auto font-mono text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">
                {value}
              </dd>
            </div>
            <CopyIconButton text={value} label={t`Copy ${name}`} />
          </div>
        ))}
      </dl>
    </details>
  );
}
