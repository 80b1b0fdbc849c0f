import { Plural, Trans } from "@lingui/react/macro";
import { FolderPlus, ScanSearch } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { FoundFolders, useFolderChoice } from "@/components/found-folders";

/** Looks for installed programs when asked to, and adds the folders of theirs that are ticked. */
export function FoundOnMachine() {
  const [isOpen, setIsOpen] = useState(false);
  const choice = useFolderChoice({ preselects: false, isWanted: isOpen });
  if (!isOpen) {
    return (
      <Button look="quiet" size="small" className="mt-3 -ml-3" onClick={() => setIsOpen(true)}>
        <ScanSearch aria-hidden />
        <Trans>Find installed programs</Trans>
      </Button>
    );
  }
  return (
    <div className="mt-5 text-sm text-ink-soft">
      <h3 className="mb-2 font-semibold text-ink">
        <Trans>Found on this machine</Trans>
      </h3>
      <FoundFolders choice={choice} />
      {choice.chosen.length > 0 && (
        <Button look="primary" className="mt-3" disabled={choice.isAdding} onClick={() => void choice.addChosen()}>
          <FolderPlus aria-hidden />
          <Plural value={choice.chosen.length} one="Add # folder" other="Add # folders" />
        </Button>
      )}
    </div>
  );
}
