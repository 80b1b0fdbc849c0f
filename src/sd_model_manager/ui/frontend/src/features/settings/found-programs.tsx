import { Plural, Trans } from "@lingui/react/macro";
import { FolderPlus } from "lucide-react";
import { Button } from "@/components/button";
import { FoundFolders, useFolderChoice } from "@/components/folders/found-folders";

/** The programs that are installed here, and a way to add the folders of theirs that are ticked. */
export default function FoundPrograms() {
  const choice = useFolderChoice({ preselects: false });
  return (
    <div className="mt-5 w-full text-sm text-ink-soft">
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
