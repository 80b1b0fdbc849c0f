import { Trans, useLingui } from "@lingui/react/macro";
import { CircleCheck, ListChecks } from "lucide-react";
import { useMemo } from "react";
import { useModelCount } from "@/api/model-counts";
import { type Update, useLastCheck, useUpdates } from "@/api/updates";
import { Button } from "@/components/button";
import { NoModels } from "@/components/no-models";
import { ShowMore } from "@/components/show-more";
import { Skeleton } from "@/components/skeleton";
import { EmptyState, ErrorState } from "@/components/states";
import { CheckButton } from "@/features/updates/check";
import { UpdatedModel } from "@/features/updates/updated-model";

interface UpdatesProps {
  /** Fetches a version by its page at the source. */
  onDownload: (url: string) => Promise<boolean>;
  /** Shows first what versions have to choose from. */
  onInspect: (...urls: string[]) => void;
}

/** What is newer than what is here, by the models at the source, the newest first. */
export function Updates({ onDownload, onInspect }: UpdatesProps) {
  const { t } = useLingui();
  const list = useUpdates();
  const groups = useMemo(() => groupUpdates(list.data?.pages.flatMap((page) => page.items) ?? []), [list.data]);
  if (list.isPending) return <UpdatesSkeleton />;
  if (list.isLoadingError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (groups.length === 0) return <NoUpdates />;
  const newest = listNewest(groups);
  return (
    <>
      {newest.length > 1 && (
        <div className="flex justify-end">
          <Button onClick={() => onInspect(...newest)}>
            <ListChecks aria-hidden />
            <Trans>Look at all and download</Trans>
          </Button>
        </div>
      )}
      <ul aria-label={t`Models with newer versions`} className={updatesGrid}>
        {groups.map((group) => (
          <UpdatedModel key={group.key} updates={group.updates} onDownload={onDownload} onInspect={onInspect} />
        ))}
      </ul>
      <ShowMore list={list} />
    </>
  );
}

const updatesGrid = "grid grid-cols-1 items-start gap-3 sm:gap-4 xl:grid-cols-2";

interface Group {
  key: string;
  updates: Update[];
}

/** Models of the library that are one at the source stand together, where the first of them stands. */
export function groupUpdates(updates: Update[]): Group[] {
  const groups = new Map<string, Update[]>();
  for (const update of updates) {
    const key = `${update.source} ${update.published_model_id}`;
    groups.set(key, [...(groups.get(key) ?? []), update]);
  }
  return [...groups].map(([key, together]) => ({ key, updates: together }));
}

/** Of every model the newest version that anybody may have. */
function listNewest(groups: Group[]): string[] {
  const free = groups.flatMap(({ updates }) =>
    updates.flatMap(({ versions }) => versions.find(({ access }) => access === "free")?.url ?? []),
  );
  return [...new Set(free)];
}

function NoUpdates() {
  const last = useLastCheck();
  const count = useModelCount("");
  if (last.isPending || count.isPending) return <UpdatesSkeleton />;
  if (count.data === 0) {
    return (
      <NoModels>
        <Trans>As soon as your library has models, you see here which of them have later versions.</Trans>
      </NoModels>
    );
  }
  if (last.data) {
    return (
      <EmptyState icon={CircleCheck} title={<Trans>Everything is up to date</Trans>}>
        <Trans>
          No later version is known of what you have. Only models that were looked up on Civitai can be checked; others
          are not known to have versions.
        </Trans>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={CircleCheck}
      title={<Trans>Not looked for updates yet</Trans>}
      actions={<CheckButton look="primary" />}
    >
      <Trans>
        Civitai is asked for the versions of the models you have from there, a hundred models at a time. Nothing is
        downloaded.
      </Trans>
    </EmptyState>
  );
}

function UpdatesSkeleton() {
  return (
    <div className={updatesGrid}>
      <Skeleton className="h-36 rounded-2xl" />
      <Skeleton className="h-36 rounded-2xl" />
      <Skeleton className="h-36 rounded-2xl" />
    </div>
  );
}
