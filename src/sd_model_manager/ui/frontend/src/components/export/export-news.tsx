import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useEffect, useEffectEvent } from "react";
import { type ExportReport, useExport, useUndoExport } from "@/api/exports";
import { isFinal } from "@/api/tasks";
import { followExport, unfollowExport } from "@/components/export/asked";
import { nameOf } from "@/lib/paths";
import { toast } from "@/lib/toast";
import { tell as inWords } from "@/words/tell";

const SHOWN_REFUSALS = 4;

/** Tells what came of one export when it has ended, with a way back. */
export function ExportNews({ id }: { id: string }) {
  const { t } = useLingui();
  const report = useExport(id).data;
  const { mutate: takeBack } = useUndoExport(followExport);
  const tell = useEffectEvent((ended: ExportReport) => {
    const said = counted(ended);
    if (said === "") return toast.message(t`Nothing to write: these files say it already.`);
    const back = ended.written > 0 && !isUndo(ended) ? { label: t`Undo`, onClick: () => takeBack(id) } : undefined;
    const isWhole = ended.refused === 0 && ended.task?.state === "done";
    const show = isWhole ? toast.success : toast.warning;
    show(ended.task?.state === "cancelled" ? t`Stopped: ${said}` : said, {
      id: `export ${id}`,
      description: refusals(ended),
      action: back,
      duration: isWhole ? 8_000 : 20_000,
    });
  });
  useEffect(() => {
    if (!report?.task || !isFinal(report.task)) return;
    if (report.task.state !== "failed") tell(report); // that is told of any task
    unfollowExport(id);
  }, [id, report]);
  return null;
}

function isUndo({ task }: ExportReport): boolean {
  return task?.outcomes?.restored !== undefined;
}

/** `3 files written, 1 refused`; empty where nothing was to be done. */
function counted(report: ExportReport): string {
  const { written, refused } = report;
  const done = isUndo(report)
    ? plural(written, { one: "# file put back", other: "# files put back" })
    : plural(written, { one: "# file written", other: "# files written" });
  const left = plural(refused, { one: "# left as it is", other: "# left as they are" });
  return [written > 0 && done, refused > 0 && left].filter(Boolean).join(", ");
}

function refusals({ items, refused }: ExportReport): string | undefined {
  const told = items.filter((item) => item.outcome === "refused").slice(0, SHOWN_REFUSALS);
  const lines = told.map((item) => `${nameOf(item.path)}: ${inWords({ code: item.code, error: item.reason }).text}`);
  const rest = refused - lines.length;
  if (rest > 0) lines.push(plural(rest, { one: "and # more", other: "and # more" }));
  return lines.length > 0 ? lines.join("\n") : undefined;
}
