import { Plural } from "@lingui/react/macro";
import { ChevronRight, TriangleAlert } from "lucide-react";
import { Link } from "react-router";
import { useScanProblems } from "@/api/settings";

/** Leads to the files that a scan could not take in; nothing while there are none. */
export function UnreadableNotice() {
  const { data: problems } = useScanProblems();
  if (!problems || problems.length === 0) return null;
  return (
    <Link
      to="/health"
      className="flex items-center gap-2.5 rounded-2xl border border-warn/30 bg-warn-soft px-5 py-3.5 text-sm font-medium text-warn hover:border-warn"
    >
      <TriangleAlert className="size-4.5 shrink-0" aria-hidden />
      <span className="flex-1">
        <Plural value={problems.length} one="# file could not be read" other="# files could not be read" />
      </span>
      <ChevronRight className="size-4" aria-hidden />
    </Link>
  );
}
