import { useLingui } from "@lingui/react/macro";
import { Ban, CircleAlert, CircleCheck } from "lucide-react";
import type { TaskState } from "@/api/types";

/** How something ended that has come to its end. */
export function Outcome({ state }: { state: TaskState }) {
  const { t } = useLingui();
  const look = "mt-px size-5 shrink-0";
  if (state === "done") return <CircleCheck role="img" aria-label={t`Done`} className={`${look} text-good`} />;
  if (state === "failed") return <CircleAlert role="img" aria-label={t`Failed`} className={`${look} text-danger`} />;
  return <Ban role="img" aria-label={t`Cancelled`} className={`${look} text-ink-faint`} />;
}
