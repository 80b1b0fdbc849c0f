import { Trans } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export interface TableColumn {
  key: string;
  title: ReactNode;
  isNumber?: boolean;
}

/** A chart's numbers for those who would rather read; `children` are the rows. */
export function AsTable({ columns, children }: { columns: TableColumn[]; children: ReactNode }) {
  return (
    <details className="group mt-3">
      <summary className="flex w-fit cursor-pointer list-none items-center gap-1 rounded py-0.5 text-[13px] text-ink-soft hover:text-ink">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
        <Trans>As a table</Trans>
      </summary>
      <table className="mt-3 w-full text-left text-[13px]">
        <thead className="text-xs text-ink-faint">
          <tr>
            {columns.map(({ key, title, isNumber }) => (
              <th key={key} scope="col" className={cn("py-1.5 pr-3 font-medium last:pr-0", isNumber && "text-right")}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">{children}</tbody>
      </table>
    </details>
  );
}
