import { Trans } from "@lingui/react/macro";
import type { Month } from "@/features/insights/months";
import { useFormat } from "@/lib/format";

/** The growth for those who would rather read, the latest month first. */
export function MonthTable({ months }: { months: Month[] }) {
  const format = useFormat();
  return (
    <details className="mt-3">
      <summary className="inline-block cursor-pointer rounded text-[13px] text-ink-soft hover:text-ink">
        <Trans>As a table</Trans>
      </summary>
      <table className="mt-3 w-full text-left text-[13px]">
        <thead className="text-xs text-ink-faint">
          <tr>
            <th scope="col" className="py-1.5 pr-3 font-medium">
              <Trans>Month</Trans>
            </th>
            <th scope="col" className="py-1.5 pr-3 text-right font-medium">
              <Trans>Added</Trans>
            </th>
            <th scope="col" className="py-1.5 pr-3 text-right font-medium">
              <Trans>Models</Trans>
            </th>
            <th scope="col" className="py-1.5 text-right font-medium">
              <Trans>Size</Trans>
            </th>
          </tr>
        </thead>
        <tbody className="divide-y">
          {months.toReversed().map(({ month, added, total }) => (
            <tr key={month}>
              <td className="py-1.5 pr-3">{format.month(month)}</td>
              <td className="py-1.5 pr-3 text-right tabular-nums">{format.number(added.count)}</td>
              <td className="py-1.5 pr-3 text-right tabular-nums">{format.number(total.count)}</td>
              <td className="py-1.5 text-right whitespace-nowrap tabular-nums">{format.bytes(total.size_bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
