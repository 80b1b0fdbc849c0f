import type { ReactNode } from "react";

export function StepTitle({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <>
      <h2 className="text-lg font-semibold text-ink">{title}</h2>
      <p className="mt-1 text-pretty">{children}</p>
    </>
  );
}
