import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { isFinal } from "@/api/tasks";
import type { Task } from "@/api/types";
import { counted } from "@/components/look-up/counted";
import { createFormat } from "@/lib/format";
import { toast } from "@/lib/toast";
import { tell } from "@/words/tell";

/** Look-ups that this page has asked for, and the last that was heard of any: its end may come before the answer. */
const asked = new Set<string>();
const heard = new Map<string, Task>();

/** What comes of this look-up is told from now on. */
export function expect(task: Task): void {
  asked.add(task.task_id);
  announce(heard.get(task.task_id) ?? task);
}

/** What the server says of a look-up, whoever asked for it. */
export function hear(task: Task): void {
  heard.set(task.task_id, task);
  if (asked.has(task.task_id) || task.state === "failed") announce(task);
}

function announce(task: Task): void {
  const id = task.task_id;
  if (isFinal(task)) asked.delete(id);
  if (task.state === "done") tellOutcomes(task);
  if (task.state === "failed") {
    toast.error(t`The look-up failed`, { id, description: lines(counted(task), tell(task).text) });
  }
  if (task.state === "queued" && task.waits_because) {
    const again = task.waits_until && t`Goes on by itself: ${createFormat(i18n.locale).date(task.waits_until)}`;
    const why = tell({ code: task.waits_code, details: task.waits_details, error: task.waits_because }).text;
    toast.warning(t`The look-up waits`, { id, description: lines(counted(task), why, again) });
  }
}

function tellOutcomes(task: Task): void {
  const { task_id: id } = task;
  const said = counted(task);
  if (said) {
    const show = task.outcomes?.matched ? toast.success : toast.message;
    show(t`Looked up: ${said}`, { id, duration: 8_000 });
  } else {
    const why = t`Models without a hash, missing ones, and those of which you said yourself what they are, are not looked up.`;
    toast.message(t`There was nothing to ask for`, { id, description: why });
  }
}

function lines(...parts: (string | null | undefined)[]): string {
  return parts.filter(Boolean).join("\n");
}
