import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type BulkTarget, useBulkChange, useBulkRestore } from "@/api/bulk";
import { findListedModel } from "@/api/models";
import type { BulkChange, BulkResult } from "@/api/types";
import { toast } from "@/lib/toast";
import { tell as inWords } from "@/words/tell";

const SHOWN_FAILURES = 4;

/** Says the same of many models, then what came of it, with a way back. */
export function useBulk() {
  const { t } = useLingui();
  const queryClient = useQueryClient();
  const change = useBulkChange();
  const restore = useBulkRestore();

  const nameOf = (id: number) => findListedModel(queryClient, id)?.name ?? `#${id}`;
  const describe = ({ failures, previous }: BulkResult) => {
    const lines = failures
      .slice(0, SHOWN_FAILURES)
      .map((failure) => `${nameOf(failure.model_id)}: ${inWords(failure).text}`);
    const rest = failures.length - lines.length;
    if (rest > 0) lines.push(plural(rest, { one: "and # more", other: "and # more" }));
    if (previous === null) lines.push(t`Too many to take back at once.`);
    return lines.length > 0 ? lines.join("\n") : undefined;
  };
  const tell = (result: BulkResult, said: string) => {
    const { changed, failures, previous } = result;
    if (changed === 0 && failures.length === 0) return toast.message(t`Nothing to change: they are so already.`);
    const back = previous?.length ? { label: t`Undo`, onClick: () => takeBack(previous) } : undefined;
    const show = failures.length > 0 ? toast.warning : toast.success;
    show(said, { description: describe(result), action: back, duration: failures.length > 0 ? 20_000 : 8_000 });
  };
  const takeBack = (previous: NonNullable<BulkResult["previous"]>) =>
    restore.mutate(previous, {
      onSuccess: (result) => tell({ ...result, previous: [] }, countedBack(result.changed)),
    });
  const run = (target: BulkTarget, wanted: BulkChange) =>
    change.mutate(
      { target, change: wanted },
      { onSuccess: (result) => tell(result, counted(result.changed, result.failures.length)) },
    );
  /** Without a word where it went well: what was done is in sight, and done again with the same key. */
  const runQuietly = (target: BulkTarget, wanted: BulkChange) =>
    change.mutate(
      { target, change: wanted },
      {
        onSuccess: (result) => {
          if (result.failures.length > 0) tell(result, counted(result.changed, result.failures.length));
        },
      },
    );
  return { run, runQuietly, isBusy: change.isPending };

  function counted(changed: number, failed: number): string {
    const done = plural(changed, { one: "# model changed", other: "# models changed" });
    return failed === 0 ? done : t`${done}, ${failed} not`;
  }
  function countedBack(changed: number): string {
    return plural(changed, { one: "Taken back for # model", other: "Taken back for # models" });
  }
}
