import type { ReactNode } from "react";
import { Link } from "react-router";

/** Leads to all models with a tag. */
export function TagLink({ tag, children }: { tag: string; children: ReactNode }) {
  const search = new URLSearchParams({ tag });
  return (
    <Link to={`/?${search}`} className="rounded hover:text-accent-ink hover:underline">
      {children}
    </Link>
  );
}
