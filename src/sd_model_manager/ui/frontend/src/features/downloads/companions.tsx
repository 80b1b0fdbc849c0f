import { Trans } from "@lingui/react/macro";
import type { OfferedFile } from "@/api/types";
import { useFormat } from "@/lib/format";

interface CompanionsProps {
  files: OfferedFile[];
  wanted: ReadonlySet<string>;
  onChange: (wanted: ReadonlySet<string>) => void;
}

/** Files of the same version that go with the chosen one: a VAE, a text encoder, a configuration. */
export function Companions({ files, wanted, onChange }: CompanionsProps) {
  const format = useFormat();
  if (files.length === 0) return null;

  const toggle = (fileId: string) => {
    const changed = new Set(wanted);
    if (!changed.delete(fileId)) changed.add(fileId);
    onChange(changed);
  };
  return (
    <fieldset className="mt-3 min-w-0">
      <legend className="text-[13px] text-ink-faint">
        <Trans>Fetch with it</Trans>
      </legend>
      {files.map((file) => (
        <label key={file.file_id} className="flex min-h-6 cursor-pointer items-center gap-2 py-1 text-[13px]">
          <input
            type="checkbox"
            checked={wanted.has(file.file_id)}
            onChange={() => toggle(file.file_id)}
            className="size-4 shrink-0 accent-(--accent)"
          />
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            {file.name} <span className="text-ink-faint">{file.kind}</span>
          </span>
          <span className="shrink-0 text-ink-soft tabular-nums">
            {file.size_bytes !== null && format.bytes(file.size_bytes)}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
