import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { OfferedFile } from "@/api/types";
import { Button } from "@/components/button";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";

interface FileChoiceProps {
  files: OfferedFile[];
  chosen: string | undefined;
  onChoose: (fileId: string) => void;
}

/** The files of a version that take each other's place, one of which is fetched; the others stay folded away until asked for. */
export function FileChoice({ files, chosen, onChoose }: FileChoiceProps) {
  const { t } = useLingui();
  const [isOpen, setIsOpen] = useState(false);
  const choices = files.filter((file) => !file.is_companion || file.file_id === chosen);
  const shown = isOpen ? choices : choices.filter((file) => file.file_id === chosen);
  const hidden = choices.length - shown.length;
  return (
    <fieldset className="mt-4 min-w-0">
      <legend className="sr-only">{t`File`}</legend>
      <div className="divide-y overflow-hidden rounded-xl border">
        {shown.map((file) => (
          <FileRow
            key={file.file_id}
            file={file}
            isChosen={file.file_id === chosen}
            hasChoice={isOpen}
            onChoose={() => onChoose(file.file_id)}
          />
        ))}
      </div>
      {hidden > 0 && (
        <Button look="quiet" size="small" className="mt-1 -ml-2 text-accent-ink" onClick={() => setIsOpen(true)}>
          <Plural value={hidden} one="# other file" other="# other files" />
        </Button>
      )}
    </fieldset>
  );
}

interface FileRowProps {
  file: OfferedFile;
  isChosen: boolean;
  hasChoice: boolean;
  onChoose: () => void;
}

function FileRow({ file, isChosen, hasChoice, onChoose }: FileRowProps) {
  const format = useFormat();
  const traits = [file.kind, file.format, file.precision].filter(Boolean).join(" · ");
  return (
    <label
      className={cn(
        "flex items-center gap-3 px-3 py-2.5",
        hasChoice && "cursor-pointer hover:bg-raised",
        hasChoice && isChosen && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <input
        type="radio"
        checked={isChosen}
        onChange={onChoose}
        className={cn("size-4 shrink-0 accent-(--accent)", !hasChoice && "sr-only")}
      />
      <span className="min-w-0 flex-1">
        <span className="block text-[13px] font-medium [overflow-wrap:anywhere]">{file.name}</span>
        <span className="block text-xs text-ink-faint">{traits}</span>
      </span>
      <span className="shrink-0 text-[13px] text-ink-soft tabular-nums">
        {file.size_bytes === null ? <Trans>Size unknown</Trans> : format.bytes(file.size_bytes)}
      </span>
    </label>
  );
}
