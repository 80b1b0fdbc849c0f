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
  return (
    <p className="mt-1 text-xs text-warn">
      <Sentence said={{ message: task.waits_because, code: task.waits_code, details: task.waits_details }} />
      {task.waits_until && (
        <>
          {" "}
          <Trans>Goes on by itself: {format.date(task.waits_until)}</Trans>
        </>
      )}
    </p>
  );
}
