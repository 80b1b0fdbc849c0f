import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronRight, CornerLeftUp, Folder, HardDrive } from "lucide-react";
import { Dialog } from "radix-ui";
import { useState } from "react";
import { useFolderList } from "@/api/engines";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { Modal } from "@/components/modal";
import { Skeleton } from "@/components/skeleton";
import { ErrorState } from "@/components/states";
import { cn } from "@/lib/cn";

interface FolderPickerProps {
  onChoose: (path: string) => void;
  onClose: () => void;
}

/** Goes through the folders of the machine that the server runs on, until one is chosen. */
export default function FolderPicker({ onChoose, onClose }: FolderPickerProps) {
  const [path, setPath] = useState<string | null>(null);
  const list = useFolderList(path);
  return (
    <Modal
      onClose={onClose}
      className="top-1/2 left-1/2 flex h-[min(36rem,calc(100dvh-2rem))] w-[min(34rem,calc(100vw-2rem))] -translate-1/2 flex-col rounded-2xl border p-5"
    >
      <Dialog.Title className="text-lg font-semibold">
        <Trans>Choose a folder</Trans>
      </Dialog.Title>
      <p role="status" className={cn("mt-1 min-h-5 text-xs text-ink-soft", path !== null && "font-mono")}>
        {path ?? <Trans>Places on the machine that the server runs on</Trans>}
      </p>
      <div className="mt-3 min-h-0 flex-1 overflow-y-auto rounded-xl border">
        {list.isPending && <Skeleton className="m-3 h-24" />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && <Folders list={list.data} path={path} onOpen={setPath} />}
      </div>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Dialog.Close asChild>
          <Button>
            <Trans>Cancel</Trans>
          </Button>
        </Dialog.Close>
        <Button look="primary" disabled={path === null || list.isError} onClick={() => path && onChoose(path)}>
          <Trans>Choose this folder</Trans>
        </Button>
      </div>
    </Modal>
  );
}

interface FoldersProps {
  list: NonNullable<ReturnType<typeof useFolderList>["data"]>;
  path: string | null;
  onOpen: (path: string | null) => void;
}

function Folders({ list, path, onOpen }: FoldersProps) {
  const { t } = useLingui();
  const Icon = path === null ? HardDrive : Folder;
  const row = "flex min-h-10 w-full items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-left text-sm hover:bg-raised";
  return (
    <ul aria-label={t`Folders`} className="p-1.5">
      {path !== null && (
        <li>
          <button type="button" className={row} onClick={() => onOpen(list.parent)}>
            <CornerLeftUp className="size-4 shrink-0 text-ink-faint" aria-hidden />
            {list.parent === null ? <Trans>All places</Trans> : <Trans>One folder up</Trans>}
          </button>
        </li>
      )}
      {list.folders.map((folder) => (
        <li key={folder.path}>
          <button type="button" className={row} onClick={() => onOpen(folder.path)}>
            <Icon className="size-4 shrink-0 text-ink-faint" aria-hidden />
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{folder.name}</span>
            {folder.engine_name !== null && <Badge tone="accent">{folder.engine_name}</Badge>}
            <ChevronRight className="size-4 shrink-0 text-ink-faint" aria-hidden />
          </button>
        </li>
      ))}
      {list.folders.length === 0 && (
        <li className="px-2.5 py-3 text-sm text-ink-faint">
          <Trans>There are no folders in it.</Trans>
        </li>
      )}
    </ul>
  );
}
