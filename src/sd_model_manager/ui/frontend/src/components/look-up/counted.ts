import { plural } from "@lingui/core/macro";
import type { Task } from "@/api/types";

/** `3 found, 2 not known`; empty where nothing was asked. */
export function counted({ outcomes }: Task): string {
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
