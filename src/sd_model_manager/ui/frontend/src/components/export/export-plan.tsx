import { plural } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import type { ExportedFile, ExportReport } from "@/api/exports";
import { MoreRows } from "@/components/more-rows";
import { Sentence } from "@/components/sentence";
import { folderOf, nameOf } from "@/lib/paths";

const SHOWN = 8;

/** What an export would do: in numbers, then the files, and of those that it would leave alone, why. */
export function ExportPlan({ plan: { written, unchanged, refused, items } }: { plan: ExportReport }) {
  const listed = (outcome: ExportedFile["outcome"]) => items.filter((item) => item.outcome === outcome);
  return (
    <div className="mt-4 space-y-4 text-[13px]">
      {written === 0 && (
        <p className="font-medium">
          {refused + unchanged === 0 ? (
            <Trans>There is no model to write for.</Trans>
          ) : (
            <Trans>There is nothing to write.</Trans>
          )}
        </p>
      )}
      <FileList
        title={<Plural value={written} one="# file would be written" other="# files would be written" />}
        files={listed("written")}
        count={written}
      />
      <FileList
        title={<Plural value={refused} one="# would be left as it is" other="# would be left as they are" />}
        files={listed("refused")}
        count={refused}
      />
      {unchanged > 0 && (
        <p className="text-ink-soft">
          <Plural value={unchanged} one="# says it all already." other="# say it all already." />
        </p>
      )}
    </div>
  );
}

interface FileListProps {
  title: ReactNode;
  /** Those that the server names: the first, and none of a hidden model. */
  files: ExportedFile[];
  count: number;
}

function FileList({ title, files, count }: FileListProps) {
  const [isWhole, setIsWhole] = useState(false);
  if (count === 0) return null;
  const shown = isWhole ? files : files.slice(0, SHOWN);
  const rest = count - files.length;
  return (
    <section>
      <h3 className="font-medium">{title}</h3>
      <ul className="mt-1.5 space-y-1.5">
        {shown.map((file) => (
          <li key={file.path} className="[overflow-wrap:anywhere]">
            <span className="font-mono text-xs">{nameOf(file.path)}</span>{" "}
            <span className="text-xs text-ink-faint">{folderOf(file.path)}</span>
            {file.reason && (
              <span className="block text-xs text-ink-soft">
                <Sentence said={{ code: file.code, error: file.reason }} />
              </span>
            )}
          </li>
        ))}
      </ul>
      <MoreRows count={files.length - shown.length} onShow={() => setIsWhole(true)} />
      {shown.length === files.length && rest > 0 && (
        <p className="mt-1 text-xs text-ink-faint">{plural(rest, { one: "and # more", other: "and # more" })}</p>
      )}
    </section>
  );
}
