import { i18n } from "@lingui/core";
import { plural, t } from "@lingui/core/macro";
import { isFinal } from "@/api/tasks";
import type { Task } from "@/api/types";
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

/** `3 found, 2 not known`; empty where nothing was asked. */
function counted({ outcomes }: Task): string {
  const {
    matched = 0,
    not_found: unknown = 0,
    gone = 0,
    needs_login: closed = 0,
    forbidden = 0,
    unreachable = 0,
  } = outcomes ?? {};
  const parts = [
    matched > 0 && plural(matched, { one: "# found", other: "# found" }),
    unknown > 0 && plural(unknown, { one: "# not known", other: "# not known" }),
    gone > 0 && plural(gone, { one: "# no longer there", other: "# no longer there" }),
    closed > 0 && plural(closed, { one: "# needs a login", other: "# need a login" }),
    forbidden > 0 && plural(forbidden, { one: "# refused", other: "# refused" }),
    unreachable > 0 && plural(unreachable, { one: "# not reached", other: "# not reached" }),
  ];
  return parts.filter((part) => part !== false).join(", ");
}

function lines(...parts: (string | null | undefined)[]): string {
  return parts.filter(Boolean).join("\n");
}
