import { Trans, useLingui } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";
import { Suspense, useState } from "react";
import { usePathsSection } from "@/api/engines";
import { CopyIconButton } from "@/components/copy-button";
import { Skeleton } from "@/components/skeleton";
import { ErrorNotice } from "@/components/states";
import { TextBlock } from "@/components/text-block";
import { Panel } from "@/features/settings/panel";
import { lazyPart } from "@/lib/lazy-part";

const ComfyMerge = lazyPart(() => import("@/features/settings/comfy-merge"));

export function ComfyPaths() {
  return (
    <Panel id="comfyui" title="ComfyUI" hint={<ComfyHint />}>
      <ComfyList />
    </Panel>
  );
}

export function ComfyHint() {
  return (
    <Trans>
      ComfyUI can use the models of your library folders where they lie. Its list of further folders is a file named
      extra_model_paths.yaml.
    </Trans>
  );
}

/** Tells ComfyUI of the library folders: as a text to copy, or put into its own list. */
export function ComfyList() {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Suspense fallback={<Skeleton className="h-9.5" />}>
        <ComfyMerge />
      </Suspense>
      <details className="group mt-5" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary className="flex w-fit cursor-pointer list-none items-center gap-1.5 rounded text-[13px] font-medium text-accent-ink">
          <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
          <Trans>Show the text to copy by hand</Trans>
        </summary>
        {isOpen && <SectionText />}
      </details>
    </>
  );
}

function SectionText() {
  const { t } = useLingui();
  const section = usePathsSection();
  if (section.isPending) return <Skeleton className="mt-3 h-40" />;
  if (section.isLoadingError)
    return <ErrorNotice className="mt-3" error={section.error} onRetry={() => void section.refetch()} />;
  if (section.data.text === "") {
    return (
      <p className="mt-3 text-[13px] text-ink-soft">
        <Trans>There is nothing to list: no library folder has folders named after types of models.</Trans>
      </p>
    );
  }
  return (
    <div className="relative mt-3">
      <TextBlock label={t`Section for extra_model_paths.yaml`}>
        <span className="block px-4 pr-14">{section.data.text}</span>
      </TextBlock>
      <span className="absolute top-2 right-2 rounded-lg bg-raised">
        <CopyIconButton text={section.data.text} label={t`Copy the section`} />
      </span>
    </div>
  );
}
