import { Trans } from "@lingui/react/macro";
import { AsTable } from "@/features/insights/as-table";
import type { Month } from "@/features/insights/months";
import { useFormat } from "@/lib/format";

/** The growth for those who would rather read, the latest month first. */
export function MonthTable({ months }: { months: Month[] }) {
  const format = useFormat();
  return (
    <AsTable
      columns={[
        { key: "month", title: <Trans>Month</Trans> },
        { key: "added", title: <Trans>Added</Trans>, isNumber: true },
        { key: "models", title: <Trans>Models</Trans>, isNumber: true },
        { key: "size", title: <Trans>Size</Trans>, isNumber: true },
      ]}
    >
      {months.toReversed().map(({ month, added, total }) => (
        <tr key={month}>
          <td className="py-1.5 pr-3">{format.month(month)}</td>
          <td className="py-1.5 pr-3 text-right tabular-nums">{format.number(added.count)}</td>
          <td className="py-1.5 pr-3 text-right tabular-nums">{format.number(total.count)}</td>
          <td className="py-1.5 text-right whitespace-nowrap tabular-nums">{format.bytes(total.size_bytes)}</td>
        </tr>
      ))}
    </AsTable>
  );
}
