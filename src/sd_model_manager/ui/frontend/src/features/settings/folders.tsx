import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Folder as FolderIcon, FolderX, Lock, RotateCw, Trash2, WandSparkles } from "lucide-react";
import { Link } from "react-router";
import { useFolders, useRemoveFolder } from "@/api/settings";
import { useActiveTasks, useScan } from "@/api/tasks";
import type { Folder } from "@/api/types";
import { Badge } from "@/components/badge";
import { buttonClass, IconButton } from "@/components/button";
import { Confirm } from "@/components/confirm";
import { ScanButton } from "@/components/scan-button";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";
import { AddFolder } from "@/features/settings/add-folder";
import { FoundOnMachine } from "@/features/settings/found-on-machine";
import { Panel } from "@/features/settings/panel";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";

export function Folders() {
  const { t } = useLingui();
  const folders = useFolders();
  const isScanning = useActiveTasks().data?.items.some((task) => task.kind === "scan") ?? false;
  return (
    <Panel
      id="folders"
      title={<Trans>Library folders</Trans>}
      hint={
        <Trans>Where your models lie. They stay where they are; nothing in these folders is moved or changed.</Trans>
      }
      aside={
        <ScanButton size="small">
          <Trans>Scan all</Trans>
        </ScanButton>
      }
    >
      {folders.isPending && <Skeleton className="mb-3 h-16" />}
      {folders.isLoadingError && (
        <ErrorNotice className="mb-3" error={folders.error} onRetry={() => void folders.refetch()} />
      )}
      {folders.data && folders.data.length > 0 && (
        <ul aria-label={t`Library folders`} className="mb-3 divide-y rounded-xl border">
          {folders.data.map((folder) => (
            <FolderRow key={folder.id} folder={folder} isScanning={isScanning} />
          ))}
        </ul>
      )}
      <AddFolder />
      <div className="flex flex-wrap items-start justify-between gap-x-4">
        <FoundOnMachine />
        <Link to="/setup" className={cn(buttonClass("quiet", "small"), "mt-3 -ml-3")}>
          <WandSparkles aria-hidden />
          <Trans>Open the setup guide</Trans>
        </Link>
      </div>
    </Panel>
  );
}

function FolderRow({ folder, isScanning }: { folder: Folder; isScanning: boolean }) {
  const { t } = useLingui();
  const scan = useScan();
  const remove = useRemoveFolder();
  const Icon = folder.is_online ? FolderIcon : FolderX;
  return (
    <li className="flex items-start gap-3 py-3 pr-2 pl-3.5">
      <Icon className="mt-0.5 size-5 shrink-0 text-ink-faint" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium [overflow-wrap:anywhere]">{folder.path}</p>
        <FolderFacts folder={folder} />
      </div>
      {folder.is_online && (
        <IconButton
          size="smallIcon"
          label={t`Scan ${folder.path}`}
          disabled={isScanning || scan.isPending}
          onClick={() => scan.mutate({ folder: folder.path })}
        >
          <RotateCw aria-hidden />
        </IconButton>
      )}
      {folder.is_locked ? (
        <span
          role="img"
          aria-label={t`Set where the server is started; it can be removed only there`}
          title={t`Set where the server is started; it can be removed only there`}
          className="grid size-8 place-items-center text-ink-faint"
        >
          <Lock className="size-4" aria-hidden />
        </span>
      ) : (
        <Confirm
          title={t`Take this folder off the library?`}
          action={t`Take it off`}
          onConfirm={() => remove.mutate(folder.id)}
          trigger={
            <IconButton size="smallIcon" label={t`Remove ${folder.path}`} disabled={remove.isPending}>
              <Trash2 aria-hidden />
            </IconButton>
          }
        >
          <Trans>The files in {folder.path} stay on the disk; they are only no longer listed here.</Trans>
        </Confirm>
      )}
    </li>
  );
}

function FolderFacts({ folder }: { folder: Folder }) {
  const format = useFormat();
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-faint tabular-nums">
      {!folder.is_online && (
        <Badge tone="warn">
          <Trans>Offline</Trans>
        </Badge>
      )}
      <span>
        <Plural value={folder.models} one="# model" other="# models" />
      </span>
      <span>{format.bytes(folder.size_bytes)}</span>
      {folder.free_bytes !== null && (
        <span>
          <Trans>{format.bytes(folder.free_bytes)} free</Trans>
        </span>
      )}
      <span>
        {folder.scanned_at ? <Trans>Scanned {format.ago(folder.scanned_at)}</Trans> : <Trans>Not scanned yet</Trans>}
      </span>
    </p>
  );
}
