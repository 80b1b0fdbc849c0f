import { Trans } from "@lingui/react/macro";
import { toWanted } from "@/api/filter-forms";
import { NO_FILTERS } from "@/api/models";
import { ExportButton } from "@/components/export/export-button";

/** Writes other tools' files beside the whole library once, whatever is kept up to date. */
export function WriteSidecars() {
  return (
    <div className="mt-3.5 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t pt-3.5">
      <p className="min-w-0 flex-1 basis-64 text-[13px] leading-relaxed text-ink-soft">
        <Trans>Or once, for all models that you have now: what would be written is shown first.</Trans>
      </p>
      <ExportButton target={{ wanted: toWanted(NO_FILTERS) }} count={null} />
    </div>
  );
}
