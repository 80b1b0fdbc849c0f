import { Trans, useLingui } from "@lingui/react/macro";
import { useFewModels } from "@/api/model-counts";
import { useModel } from "@/api/models";
import type { Model } from "@/api/types";
import { CopyIconButton } from "@/components/copy-button";
import { cardGrid, ModelRow } from "@/components/model-row";
import { ShowMore } from "@/components/show-more";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";
import { AllWell } from "@/features/health/all-well";
import { Group } from "@/features/health/group";

/** Models whose file has something wrong with it, each with what and what to do. */
export function Broken() {
  const { t } = useLingui();
  const list = useFewModels("is:broken", "name");
  const models = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Group title={<Trans>Damaged or suspicious files</Trans>} count={list.data?.pages.at(-1)?.total}>
      {list.isPending && <Skeleton className="h-24 rounded-2xl" />}
      {list.isLoadingError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && models.length === 0 && (
        <AllWell>
          <Trans>Every file that was read is whole.</Trans>
        </AllWell>
      )}
      {models.length > 0 && (
        <ul aria-label={t`Damaged or suspicious files`} className={cardGrid}>
          {models.map((model) => (
            <BrokenModel key={model.id} model={model} />
          ))}
        </ul>
      )}
      <ShowMore list={list} />
    </Group>
  );
}

function BrokenModel({ model }: { model: Model }) {
  const { t } = useLingui();
  const detail = useModel(model.id);
  return (
    <ModelRow model={model}>
      <div className="flex items-start gap-2">
        <p className="min-w-0 py-1.5 font-mono text-xs text-ink-faint [overflow-wrap:anywhere]">{model.path}</p>
        <CopyIconButton text={model.path} label={t`Copy the path of ${model.name}`} />
      </div>
      {detail.isPending && <Skeleton className="mt-1 h-9" />}
      {detail.isError && <p className="mt-1 text-[13px] text-danger">{detail.error.message}</p>}
      {detail.data?.identity.problems.map((problem) => (
        <p key={problem.code} className="mt-1 rounded-lg bg-warn-soft px-3 py-2 text-[13px] leading-relaxed text-warn">
          {problem.message}
        </p>
      ))}
    </ModelRow>
  );
}
