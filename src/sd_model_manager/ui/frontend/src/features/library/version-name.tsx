import type { Model } from "@/api/types";

/** Which version of a published model it is: beside its name, which several versions share. */
export function VersionName({ of: { published } }: { of: Model }) {
  if (!published?.version_name) return null;
  return (
    <span title={published.version_name} className="max-w-2/5 shrink-0 truncate text-ink-faint">
      {published.version_name}
    </span>
  );
}
