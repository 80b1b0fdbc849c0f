import { Trans, useLingui } from "@lingui/react/macro";
import { Folder } from "lucide-react";
import type { ReactNode } from "react";
import { useFolders } from "@/api/settings";
import { FoundFolders, type useFolderChoice } from "@/components/folders/found-folders";
import { StepTitle } from "@/features/setup/step-title";

interface FolderStepProps {
  choice: ReturnType<typeof useFolderChoice>;
  children: ReactNode;
}

/** Where the models lie: what was found, any other folder, and what is a library folder by now. */
export function FolderStep({ choice, children }: FolderStepProps) {
  const { t } = useLingui();
  const folders = useFolders().data ?? [];
  return (
    <>
      <StepTitle title={<Trans>Where do your models lie?</Trans>}>
        <Trans>Tick the folders that are to be in your library. It reads them and changes nothing in them.</Trans>
      </StepTitle>
      <h3 className="mt-5 mb-2 font-semibold text-ink">
        <Trans>Found on this machine</Trans>
      </h3>
      <FoundFolders choice={choice} />
      <h3 className="mt-6 mb-2 font-semibold text-ink">
        <Trans>Another folder</Trans>
      </h3>
      {children}
      {folders.length > 0 && (
        <>
          <h3 className="mt-6 mb-2 font-semibold text-ink">
            <Trans>In your library</Trans>
          </h3>
          <ul aria-label={t`Library folders`} className="space-y-1">
            {folders.map((folder) => (
              <li key={folder.id} className="flex items-start gap-2 font-mono text-xs [overflow-wrap:anywhere]">
                <Folder className="mt-px size-3.5 shrink-0" aria-hidden />
                {folder.path}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
