import { Trans } from "@lingui/react/macro";
import { FilePen } from "lucide-react";
import type { BulkTarget } from "@/api/bulk";
import { Button } from "@/components/button";
import { askToExport } from "@/components/export/asked";

interface ExportButtonProps {
  target: BulkTarget;
  /** How many models these are; `null` for the whole library. */
  count: number | null;
}

/** Opens the dialog that writes other tools' files. */
export function ExportButton({ target, count }: ExportButtonProps) {
  return (
    <Button size="small" onClick={() => askToExport(target, count)}>
      <FilePen aria-hidden />
      <Trans>Write to other tools’ files…</Trans>
    </Button>
  );
}
