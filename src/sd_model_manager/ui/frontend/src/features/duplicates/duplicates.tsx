import { Trans, useLingui } from "@lingui/react/macro";
import { CircleCheck } from "lucide-react";
import { useFewModels, useModelCount } from "@/api/model-counts";
import { useStatistics } from "@/api/statistics";
import { cardGrid } from "@/components/model-row";
import { NoModels } from "@/components/no-models";
import { ShowMore } from "@/components/show-more";
import { Skeleton } from "@/components/skeleton";
import { EmptyState, ErrorState } from "@/components/states";
import { Copies } from "@/features/duplicates/copies";
import { useFormat } from "@/lib/format";

/** Contents that lie in several places, the largest first, and what the further copies take. */
export function Duplicates() {
  const { t } = useLingui();
  const list = useFewModels("is:duplicate", "-size_bytes");
  if (list.isPending) return <DuplicatesSkeleton />;
  if (list.isLoadingError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const models = list.data.pages.flatMap((page) => page.items);
  if (models.length === 0) return <NoDuplicates />;
  return (
    <>
      <Summary total={list.data.pages.at(-1)?.total ?? models.length} />
      <h2 className="sr-only">
        <Trans>Models with further copies</Trans>
      </h2>
      <ul aria-label={t`Models with further copies`} className={cardGrid}>
        {models.map((model) => (
          <Copies key={model.id} model={model} />
        ))}
      </ul>
      <ShowMore list={list} />
    </>
  );
}

function Summary({ total }: { total: number }) {
  const { data } = useStatistics({ q: "is:duplicate" });
  const format = useFormat();
  return (
    <dl className="grid grid-cols-2 gap-3 sm:gap-4">
      <div className="flex flex-col rounded-2xl border bg-surface p-4 shadow-xs">
        <dt className="text-[13px] text-ink-soft">
          <Trans>Models with further copies</Trans>
        </dt>
        <dd className="mt-auto pt-1 text-2xl font-semibold tracking-tight tabular-nums">{format.number(total)}</dd>
      </div>
      <div className="flex flex-col rounded-2xl border bg-surface p-4 shadow-xs">
        <dt className="text-[13px] text-ink-soft">
          <Trans>Taken by further copies</Trans>
        </dt>
        <dd className="mt-auto pt-1 text-2xl font-semibold tracking-tight tabular-nums">
          {data ? format.bytes(data.copies_bytes) : "–"}
        </dd>
      </div>
    </dl>
  );
}

function DuplicatesSkeleton() {
  return (
    <>
      <div className="grid grid-cols-2 gap-3 sm:gap-4">
        <Skeleton className="h-20 rounded-2xl" />
        <Skeleton className="h-20 rounded-2xl" />
      </div>
      <Skeleton className="h-64 rounded-2xl" />
    </>
  );
}

function NoDuplicates() {
  if (useModelCount("").data === 0) {
    return (
      <NoModels>
        <Trans>As soon as your library has models, you see here which of them lie in several places.</Trans>
      </NoModels>
    );
  }
  return (
    <EmptyState icon={CircleCheck} title={<Trans>No model lies in two places</Trans>}>
      <Trans>
        Files count as copies when their hashes are the same. New files are compared once they have been hashed.
      </Trans>
    </EmptyState>
  );
}
