import { plural, t } from "@lingui/core/macro";
import type { Download } from "@/api/types";
import { toast } from "@/lib/toast";

/** Those that come so soon after one another are told together. */
const TOGETHER_MS = 5_000;

let first = "";
let count = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says that a download is in the library: alone, or instead of what was said of those just before it. */
export function tellLanded(task: Download, go: (to: string) => void): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    count = 0;
  }, TOGETHER_MS);
  count += 1;
  if (count === 1) first = task.task_id;
  const said =
    count === 1
      ? t`In your library: ${task.name}`
      : plural(count, { one: "# download is in your library", other: "# downloads are in your library" });
  const to = count > 1 ? "/downloads" : task.model_id === null ? null : `/models/${task.model_id}`;
  const label = count > 1 ? t`Show them` : t`Show it`;
  toast.success(said, { id: first, action: to === null ? undefined : { label, onClick: () => go(to) } });
}
