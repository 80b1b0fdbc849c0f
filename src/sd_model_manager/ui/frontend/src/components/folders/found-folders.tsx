import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { AppWindow, RotateCw } from "lucide-react";
import { useState } from "react";
import { type Install, type ModelsFolder, useInstalls } from "@/api/engines";
import { useAddFolder } from "@/api/settings";
import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";

interface Refusal {
  path: string;
  message: string;
}

/** Which folders of found programs are to be library folders, and how they become it. */
export function useFolderChoice({ preselects }: { preselects: boolean }) {
  const installs = useInstalls();
  const add = useAddFolder();
  const [own, setOwn] = useState<Record<string, boolean>>({});
  const [refusals, setRefusals] = useState<Refusal[]>([]);
  const offered = (installs.data?.installs ?? []).flatMap((install) => install.folders).filter(isNew);
  const isChosen = (folder: ModelsFolder) => own[folder.path] ?? (preselects && folder.models > 0);
  const chosen = [...new Set(offered.filter(isChosen).map((folder) => folder.path))];

  /** Adds them one after the other; whether all of them could be. */
  const addChosen = async (): Promise<boolean> => {
    const refused: Refusal[] = [];
    for (const path of chosen) {
      await add.mutateAsync(path).catch((error: Error) => refused.push({ path, message: error.message }));
    }
    setOwn(Object.fromEntries(refused.map(({ path }) => [path, false])));
    setRefusals(refused);
    return refused.length === 0;
  };
  const toggle = (path: string, isOn: boolean) => setOwn((before) => ({ ...before, [path]: isOn }));
  return { installs, chosen, isChosen, toggle, addChosen, refusals, isAdding: add.isPending };
}

function isNew(folder: ModelsFolder): boolean {
  return folder.state === "new";
}

/** The programs that were found, with a box to tick for each of their folders. */
export function FoundFolders({ choice }: { choice: ReturnType<typeof useFolderChoice> }) {
  const { t } = useLingui();
  const { installs, refusals } = choice;
  if (installs.isPending) {
    return (
      <div role="status">
        <span className="sr-only">
          <Trans>Looking for installed programs</Trans>
        </span>
        <Skeleton className="h-24 rounded-xl" />
      </div>
    );
  }
  if (installs.isLoadingError) return <ErrorNotice error={installs.error} onRetry={() => void installs.refetch()} />;
  return (
    <div className="space-y-2.5">
      {installs.data.installs.length === 0 ? (
        <p>
          <Trans>
            None of ComfyUI, A1111, Forge, SwarmUI, InvokeAI, Stability Matrix and SD.Next was found in the usual
            places.
          </Trans>
        </p>
      ) : (
        <ul aria-label={t`Found on this machine`} className="divide-y rounded-xl border">
          {installs.data.installs.map((install) => (
            <FoundInstall key={install.root} install={install} choice={choice} />
          ))}
        </ul>
      )}
      {refusals.map(({ path, message }) => (
        <p key={path} role="alert" className="text-[13px] text-danger">
          {message}
        </p>
      ))}
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[13px] text-ink-faint">
        {!installs.data.is_complete && <Trans>Not every place could be looked at in time.</Trans>}
        <Button
          look="quiet"
          size="small"
          className="-ml-3"
          disabled={installs.isFetching}
          onClick={() => void installs.refetch()}
        >
          <RotateCw aria-hidden className={installs.isFetching ? "animate-spin" : undefined} />
          <Trans>Look again</Trans>
        </Button>
      </p>
    </div>
  );
}

function FoundInstall({ install, choice }: { install: Install; choice: ReturnType<typeof useFolderChoice> }) {
  return (
    <li className="px-3.5 py-3">
      <p className="flex items-center gap-2 text-sm font-medium text-ink">
        <AppWindow className="size-4 shrink-0 text-ink-faint" aria-hidden />
        {install.name}
      </p>
      {install.folders.length === 0 && (
        <p className="mt-1 text-[13px] text-ink-faint">
          <Trans>It has no folder of models yet, at {install.root}.</Trans>
        </p>
      )}
      {install.folders.map((folder) => (
        <label key={folder.path} className="mt-1.5 flex items-start gap-2.5 text-[13px]">
          <input
            type="checkbox"
            className="mt-0.5 size-4 shrink-0 accent-accent"
            checked={isNew(folder) ? choice.isChosen(folder) : folder.state !== "around"}
            disabled={!isNew(folder)}
            onChange={(event) => choice.toggle(folder.path, event.target.checked)}
          />
          <span className="min-w-0">
            <span className="font-mono text-xs text-ink [overflow-wrap:anywhere]">{folder.path}</span>{" "}
            <FolderFacts folder={folder} />
          </span>
        </label>
      ))}
    </li>
  );
}

function FolderFacts({ folder }: { folder: ModelsFolder }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 text-ink-faint tabular-nums">
      {folder.is_exact ? (
        <Plural value={folder.models} one="# model file" other="# model files" />
      ) : (
        <Plural value={folder.models} one="more than # model file" other="more than # model files" />
      )}
      {folder.state === "library" && (
        <Badge tone="good">
          <Trans>In your library</Trans>
        </Badge>
      )}
      {folder.state === "inside" && (
        <Badge tone="good">
          <Trans>Inside a library folder</Trans>
        </Badge>
      )}
      {folder.state === "around" && (
        <Badge>
          <Trans>Has a library folder in it</Trans>
        </Badge>
      )}
    </span>
  );
}
