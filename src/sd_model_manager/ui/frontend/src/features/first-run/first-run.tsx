import { Trans, useLingui } from "@lingui/react/macro";
import { Check, Download, FolderSearch, KeyRound, RotateCw, ScanSearch } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useFolders, useSettings } from "@/api/settings";
import { useActiveTasks, useScan } from "@/api/tasks";
import type { Folder } from "@/api/types";
import { Button, buttonClass } from "@/components/button";
import { Progress } from "@/components/progress";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";

interface FirstRunProps {
  /** The form that adds a folder, and the one that takes the key: they live with the settings. */
  addFolder: ReactNode;
  civitaiKey: ReactNode;
}

/** What an empty library shows: three steps to a full one, each ticked off when it is done. */
export function FirstRun({ addFolder, civitaiKey }: FirstRunProps) {
  const folders = useFolders().data ?? [];
  const isScanning = useActiveTasks().data?.items.some((task) => task.kind === "scan") ?? false;
  const hasKey = useSettings().data?.some((setting) => setting.key === "civitai_api_key" && setting.is_set) ?? false;
  const isFolderChosen = isScanning || folders.some((folder) => !folder.is_locked);
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto max-w-2xl px-5 py-10 sm:py-16">
        <img src="/favicon.svg" alt="" className="mb-5 size-14" />
        <h1 className="text-2xl font-semibold tracking-tight text-balance sm:text-3xl">
          <Trans>Welcome. Let us find your models.</Trans>
        </h1>
        <p className="mt-2 max-w-prose leading-relaxed text-ink-soft">
          <Trans>
            Your files stay where they are and nothing leaves this computer. Three small steps, and the last is
            optional.
          </Trans>
        </p>
        <ol className="mt-8 space-y-4">
          <Step number={1} icon={FolderSearch} isDone={isFolderChosen} title={<Trans>Say where your models lie</Trans>}>
            <p className="mb-3">
              <Trans>The models folder of ComfyUI, Forge, A1111 or any folder with model files.</Trans>
            </p>
            <FolderPaths paths={folders.map((folder) => folder.path)} />
            {addFolder}
          </Step>
          <Step number={2} icon={ScanSearch} isDone={false} title={<Trans>Watch them being found</Trans>}>
            <Scanning folders={folders} />
          </Step>
          <Step number={3} icon={KeyRound} isDone={hasKey} title={<Trans>Add your Civitai key, if you have one</Trans>}>
            {civitaiKey}
          </Step>
        </ol>
        <div className="mt-8 space-y-3 text-[13px] leading-relaxed text-ink-soft">
          <p className="flex flex-wrap items-center gap-3">
            <Trans>No models yet? Copy the address of any model page and paste it here with Ctrl+V.</Trans>
            <Link to="/downloads" className={buttonClass("plain", "small")}>
              <Download aria-hidden />
              <Trans>Go to downloads</Trans>
            </Link>
          </p>
          <p className="text-ink-faint">
            <Trans>
              Only want to look around? <code className="rounded bg-raised px-1.5 py-0.5">sd-model-manager demo</code>{" "}
              starts with a small library of examples.
            </Trans>
          </p>
        </div>
      </div>
    </div>
  );
}

interface StepProps {
  number: number;
  icon: typeof Check;
  isDone: boolean;
  title: ReactNode;
  children: ReactNode;
}

function Step({ number, icon: Icon, isDone, title, children }: StepProps) {
  return (
    <li className="flex gap-4 rounded-2xl border bg-surface p-5 shadow-xs">
      <span
        aria-hidden
        className={cn(
          "grid size-9 shrink-0 place-items-center rounded-xl",
          isDone ? "bg-good-soft text-good" : "bg-accent-soft text-accent-ink",
        )}
      >
        {isDone ? <Check className="size-5" /> : <Icon className="size-5" />}
      </span>
      <div className="min-w-0 flex-1 text-sm leading-relaxed text-ink-soft">
        <h2 className="mb-1 text-base font-semibold text-ink">
          <span className="sr-only">{number}. </span>
          {title}
        </h2>
        {children}
      </div>
    </li>
  );
}

function FolderPaths({ paths }: { paths: string[] }) {
  if (paths.length === 0) return null;
  return (
    <ul className="mb-3 space-y-1">
      {paths.map((path) => (
        <li key={path} className="flex items-start gap-2 font-mono text-xs [overflow-wrap:anywhere]">
          <FolderSearch className="mt-px size-3.5 shrink-0" aria-hidden />
          {path}
        </li>
      ))}
    </ul>
  );
}

/** How far the scan is; when it found nothing, what that may come from. */
function Scanning({ folders }: { folders: Folder[] }) {
  const { t } = useLingui();
  const format = useFormat();
  const begin = useScan();
  const scan = useActiveTasks().data?.items.find((task) => task.kind === "scan");
  if (scan) {
    return (
      <div role="status">
        <p className="mb-1.5 tabular-nums">
          <Trans>Scanning: {format.number(scan.done)} files so far</Trans>
        </p>
        <Progress label={t`Progress of the scan`} share={scan.total ? scan.done / scan.total : null} />
        <p className="mt-2 text-[13px] text-ink-faint">
          <Trans>The library opens as soon as the first models are in it.</Trans>
        </p>
      </div>
    );
  }
  if (!folders.some((folder) => folder.scanned_at !== null)) {
    return (
      <p>
        <Trans>It begins by itself once there is a folder. The library opens with the first models.</Trans>
      </p>
    );
  }
  return (
    <>
      <p className="mb-3">
        <Trans>No model files were found so far. Is the folder the right one, and its drive connected?</Trans>
      </p>
      <Button size="small" disabled={begin.isPending} onClick={() => begin.mutate({})}>
        <RotateCw aria-hidden />
        <Trans>Scan again</Trans>
      </Button>
    </>
  );
}
