import { Trans } from "@lingui/react/macro";
import type { Task } from "@/api/types";
import { Sentence } from "@/components/sentence";
import { useFormat } from "@/lib/format";

interface WhyWaitingProps {
  task: Pick<Task, "waits_because" | "waits_code" | "waits_details" | "waits_until">;
}

/** Why something that was put off does not go on yet, and when it will by itself. */
export function WhyWaiting({ task }: WhyWaitingProps) {
  const format = useFormat();
  if (!task.waits_because) return null;
  // It is tried again by itself, at a time of its own.
  const { retry_after_seconds: _, ...details } = task.waits_details ?? {};
  const why = { message: task.waits_because, code: task.waits_code, details };
  return (
    <p className="mt-1 text-xs text-warn">
      <Sentence said={why} />
      {task.waits_until && (
        <>
          {" "}
          <Trans>Goes on by itself: {format.date(task.waits_until)}</Trans>
        </>
      )}
    </p>
  );
}
