import { Trans } from "@lingui/react/macro";
import { useFormat } from "@/lib/format";

interface WhyWaitingProps {
  task: { waits_because?: string | null; waits_until?: string | null };
}

/** Why something that was put off does not go on yet, and when it will by itself. */
export function WhyWaiting({ task }: WhyWaitingProps) {
  const format = useFormat();
  if (!task.waits_because) return null;
  return (
    <p className="mt-1 text-xs text-warn">
      {task.waits_because}
      {task.waits_until && (
        <>
          {" "}
          <Trans>Goes on by itself: {format.date(task.waits_until)}</Trans>
        </>
      )}
    </p>
  );
}
