import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Check, Download, LoaderCircle, ScanSearch, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import { type Landing, useLanding } from "@/api/discover";
import type { RemoteFile, RemoteVersion } from "@/api/types";
import { Badge } from "@/components/badge";
import { Button, IconButton } from "@/components/button";
import { Section } from "@/components/section";
import { Sentence } from "@/components/sentence";
import type { DownloadActions } from "@/features/discover/remote-model";
import { useFormat } from "@/lib/format";

const SHOWN_FIRST = 8;

interface RemoteFilesProps extends DownloadActions {
  version: RemoteVersion;
  fetchedAt: number;
}

/** The files of a version, each to be downloaded with a click, and what to know before. */
export function RemoteFiles({ version, fetchedAt, onDownload, onInspect }: RemoteFilesProps) {
  const landing = useLanding(fetchedAt);
  const [asked, setAsked] = useState<string[]>([]);
  const [isWhole, setIsWhole] = useState(false);
  const files = version.files.toSorted((one, other) => Number(other.is_primary) - Number(one.is_primary));
  const shown = isWhole ? files : files.slice(0, SHOWN_FIRST);
  const hidden = files.length - shown.length;
  const download = async (file: RemoteFile) => {
    if (await onDownload(version.link, file.file_id)) setAsked((before) => [...before, file.file_id]);
  };
  return (
    <Section
      title={<Trans>Files</Trans>}
      aside={
        files.length > 0 && (
          <Button size="small" look="quiet" className="text-accent-ink" onClick={() => onInspect(version.link)}>
            <ScanSearch aria-hidden />
            <Trans>Look first</Trans>
          </Button>
        )
      }
    >
      {version.warnings.map((caution) => (
        <p key={caution.code} className="flex gap-2 rounded-lg bg-warn-soft px-3 py-2 text-[13px] text-warn">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span>
            <Sentence said={caution} kind="caution" />
          </span>
        </p>
      ))}
      {files.length === 0 ? (
        <p className="text-sm text-ink-soft">
          <Trans>No files are given out of this version.</Trans>
        </p>
      ) : (
        <ul className="divide-y overflow-hidden rounded-xl border">
          {shown.map((file) => (
            <FileRow
              key={file.file_id}
              file={file}
              hereId={file.here ?? landing.ofFile(file.sha256)}
              isUnderWay={isUnderWay(landing, version, file, asked)}
              onDownload={() => download(file)}
            />
          ))}
        </ul>
      )}
      {hidden > 0 && (
        <Button look="quiet" size="small" className="-ml-3 text-accent-ink" onClick={() => setIsWhole(true)}>
          <Plural value={hidden} one="# other file" other="# other files" />
        </Button>
      )}
    </Section>
  );
}

/** The queue knows downloads by their link, which the files of a version share: of several, it is those asked for here. */
function isUnderWay(landing: Landing, version: RemoteVersion, file: RemoteFile, asked: string[]): boolean {
  return landing.isUnderWay(version.link) && (version.files.length === 1 || asked.includes(file.file_id));
}

/** Where a file lies in its repository, where that is how the source names it. */
function folderOf({ file_id, name }: RemoteFile): string {
  return file_id.endsWith(`/${name}`) ? file_id.slice(0, -name.length) : "";
}

interface FileRowProps {
  file: RemoteFile;
  hereId: number | undefined;
  isUnderWay: boolean;
  onDownload: () => Promise<void>;
}

function FileRow({ file, hereId, isUnderWay, onDownload }: FileRowProps) {
  const { t } = useLingui();
  const format = useFormat();
  const [isStarting, setIsStarting] = useState(false);
  const size = file.size_bytes === null ? t`Size unknown` : format.bytes(file.size_bytes);
  const traits = [folderOf(file), file.kind, file.format, file.precision, size].filter(Boolean).join(" · ");
  const start = async () => {
    setIsStarting(true);
    await onDownload();
    setIsStarting(false);
  };
  return (
    <li className="flex items-center gap-3 px-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="text-[13px] font-medium [overflow-wrap:anywhere]">{file.name}</p>
        <p className="text-xs text-ink-faint">{traits}</p>
      </div>
      {hereId !== undefined ? (
        <Link to={`/models/${hereId}`} className="shrink-0 rounded-md">
          <Badge tone="good" className="hover:underline">
            <Check aria-hidden />
            <Trans>In your library</Trans>
          </Badge>
        </Link>
      ) : isUnderWay ? (
        <Badge tone="accent" className="shrink-0">
          <LoaderCircle className="animate-spin motion-reduce:animate-none" aria-hidden />
          <Trans>In the queue</Trans>
        </Badge>
      ) : (
        <IconButton
          look={file.is_primary ? "primary" : "plain"}
          label={t`Download ${file.name}`}
          disabled={isStarting}
          onClick={start}
        >
          <Download aria-hidden />
        </IconButton>
      )}
    </li>
  );
}
