import { Trans } from "@lingui/react/macro";
import { ExternalLink } from "lucide-react";
import { Link } from "react-router";
import type { Model } from "@/api/types";

export const SOURCE_NAMES: Record<string, string> = {
  civitai: "Civitai",
  huggingface: "Hugging Face",
  civarchive: "CivArchive",
};

/** Where the model is published: its version, who made it, and the way there. */
export function PublishedLink({ published }: { published: NonNullable<Model["published"]> }) {
  const source = SOURCE_NAMES[published.source] ?? published.source;
  const creatorTerm = `creator:"${published.creator?.replaceAll('"', '""')}"`;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-[13px] text-ink-soft">
      {published.version_name && <span>{published.version_name}</span>}
      {published.creator && (
        <Link
          to={`/?${new URLSearchParams({ q: creatorTerm })}`}
          className="rounded hover:text-accent-ink hover:underline"
        >
          <Trans>by {published.creator}</Trans>
        </Link>
      )}
      <a
        href={published.url}
        target="_blank"
        rel="noreferrer noopener"
        className="inline-flex items-center gap-1 rounded font-medium text-accent-ink hover:underline"
      >
        <Trans>See it on {source}</Trans>
        <ExternalLink className="size-3.5" aria-hidden />
      </a>
    </p>
  );
}
