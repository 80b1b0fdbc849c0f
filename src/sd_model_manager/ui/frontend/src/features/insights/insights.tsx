import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { type Share, type Statistics, useStatistics } from "@/api/statistics";
import { NoModels } from "@/components/no-models";
import { Segmented } from "@/components/segmented";
import { Skeleton } from "@/components/skeleton";
import { ErrorState } from "@/components/states";
import { Bars } from "@/features/insights/bars";
import { DiskUse } from "@/features/insights/disk-use";
import { Growth } from "@/features/insights/growth";
import type { Measure } from "@/features/insights/measure";
import { Totals } from "@/features/insights/totals";
import { libraryLink, term } from "@/lib/library-link";

/** What the library consists of, in figures and pictures that lead to what they show. */
export function Insights() {
  const statistics = useStatistics();
  if (statistics.isPending) return <InsightsSkeleton />;
  if (statistics.isLoadingError)
    return <ErrorState error={statistics.error} onRetry={() => void statistics.refetch()} />;
  if (statistics.data.total_count === 0) {
    return (
      <NoModels>
        <Trans>As soon as your library has models, you see here what they are and what room they take.</Trans>
      </NoModels>
    );
  }
  return (
    <>
      <Totals statistics={statistics.data} />
      <DiskUse statistics={statistics.data} />
      <Charts statistics={statistics.data} />
    </>
  );
}

function Charts({ statistics: { shares, growth } }: { statistics: Statistics }) {
  const { t } = useLingui();
  const [measure, setMeasure] = useState<Measure>("size");
  const nameOf = (value: string | null) => value ?? t`Unknown`;
  const categories: Record<string, string> = { active: t`In use`, archive: t`Archived` };
  return (
    <>
      <div className="flex justify-end">
        <Segmented
          label={t`Measure`}
          value={measure}
          choices={[
            { value: "size", label: t`Size` },
            { value: "count", label: t`Number` },
          ]}
          onChoose={setMeasure}
        />
      </div>
      <Growth growth={growth} measure={measure} />
      <div className="grid items-start gap-4 md:grid-cols-2 2xl:grid-cols-4">
        <Bars
          title={<Trans>Base models</Trans>}
          shares={shares.base_model ?? []}
          measure={measure}
          nameOf={nameOf}
          linkTo={(base_model) => libraryLink({ base_model })}
        />
        <Bars
          title={<Trans>Precision</Trans>}
          shares={shares.precision ?? []}
          measure={measure}
          nameOf={nameOf}
          linkTo={(value, all) => libraryLink({ q: fieldTerm("precision", value, all) })}
        />
        <Bars
          title={<Trans>Creators</Trans>}
          shares={(shares.creator ?? []).filter((share) => share.value !== null)}
          measure={measure}
          nameOf={nameOf}
          none={<Trans>Nobody’s name is known yet. Looking models up tells who made them.</Trans>}
          linkTo={(value, all) => libraryLink({ q: fieldTerm("creator", value, all) })}
        />
        <div className="grid gap-4">
          <Bars
            title={<Trans>File formats</Trans>}
            shares={shares.format ?? []}
            measure={measure}
            nameOf={nameOf}
            linkTo={(value, all) => libraryLink({ q: fieldTerm("format", value, all) })}
          />
          <Bars
            title={<Trans>Use</Trans>}
            shares={shares.category ?? []}
            measure={measure}
            nameOf={(value) => categories[value ?? ""] ?? nameOf(value)}
            linkTo={(category) => libraryLink({ category })}
          />
        </div>
      </div>
    </>
  );
}

/** Models without a value are those that have none of the others: what is not known matches nothing. */
function fieldTerm(field: string, value: string | null, shares: Share[]): string {
  if (value !== null) return term(field, value);
  return term(`-${field}`, ...shares.flatMap((share) => share.value ?? []));
}

function InsightsSkeleton() {
  return (
    <div aria-busy className="space-y-4">
      <Skeleton className="h-24 rounded-2xl" />
      <Skeleton className="h-96 rounded-2xl" />
      <Skeleton className="h-64 rounded-2xl" />
    </div>
  );
}
