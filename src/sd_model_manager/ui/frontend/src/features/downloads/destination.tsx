import { Trans, useLingui } from "@lingui/react/macro";
import { FolderDown, FolderOpen, Pencil, Undo2 } from "lucide-react";
import { Suspense, useId, useState } from "react";
import { useInspection } from "@/api/inspection";
import { NO_FILTERS, useFacets } from "@/api/models";
import type { Offer } from "@/api/types";
import { Button, IconButton } from "@/components/button";
import { Input } from "@/components/field";
import { Sentence } from "@/components/sentence";
import { type Choice, placeOf } from "@/features/downloads/choice";
import { useFormat } from "@/lib/format";
import { lazyPart } from "@/lib/lazy-part";

const FolderPicker = lazyPart(() => import("@/components/folders/folder-picker"));

interface DestinationProps {
  link: string;
  offer: Offer;
  choice: Choice;
  onChange: (place: Pick<Choice, "folder" | "filename">) => void;
  /** Bytes of what is fetched with it. */
  more: number;
}

/** Where it goes, which can be chosen, and whether there is room for it and for all that is queued. */
export function Destination({ link, offer, choice, onChange, more }: DestinationProps) {
  const { t } = useLingui();
  const format = useFormat();
  const [isOpen, setIsOpen] = useState(false);
  const isOwn = choice.folder !== null || choice.filename !== null;
  const placed = useInspection({ url: link, file_id: choice.fileId, ...placeOf(choice) }, isOwn);
  const { path, free_bytes, needed_bytes } = (isOwn && placed.data) || offer;
  const needed = needed_bytes + more;
  return (
    <div className="min-w-0 flex-1 basis-72 text-xs text-ink-faint">
      <p className="flex items-center gap-1.5">
        <FolderDown className="size-3.5 shrink-0" aria-hidden />
        <span className="min-w-0 [overflow-wrap:anywhere]">{path}</span>
        <IconButton
          size="smallIcon"
          className="-my-1 size-7"
          label={t`Choose where it goes`}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          <Pencil aria-hidden />
        </IconButton>
      </p>
      {isOpen && <Place path={offer.path} choice={choice} onChange={onChange} />}
      {isOwn && placed.error && (
        <p role="alert" className="mt-1 text-[13px] text-danger">
          <Sentence said={placed.error} />
        </p>
      )}
      {needed > free_bytes ? (
        <p className="mt-1 font-medium text-danger">
          <Trans>
            {format.bytes(free_bytes)} free, {format.bytes(needed)} needed with all that is queued
          </Trans>
        </p>
      ) : (
        <p className="mt-1">
          <Trans>{format.bytes(free_bytes)} free</Trans>
        </p>
      )}
    </div>
  );
}

type PlaceProps = Pick<DestinationProps, "choice" | "onChange"> & { path: string };

function Place({ path, choice: { folder, filename }, onChange }: PlaceProps) {
  const { t } = useLingui();
  const folders = useFacets(NO_FILTERS).data?.folder;
  const listId = useId();
  const [isPicking, setIsPicking] = useState(false);
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return (
    <div className="mt-2 mb-1 grid gap-2">
      <div className="flex items-end gap-2">
        <Line
          label={t`Folder`}
          list={listId}
          value={folder ?? path.slice(0, cut)}
          onSave={(said) => onChange({ folder: said, filename })}
        />
        <IconButton look="plain" label={t`Browse`} onClick={() => setIsPicking(true)}>
          <FolderOpen aria-hidden />
        </IconButton>
      </div>
      <Line
        label={t`File name`}
        value={filename ?? path.slice(cut + 1)}
        onSave={(said) => onChange({ folder, filename: said })}
      />
      {(folder ?? filename) !== null && (
        <Button
          look="quiet"
          size="small"
          className="justify-self-start"
          onClick={() => onChange({ folder: null, filename: null })}
        >
          <Undo2 aria-hidden />
          <Trans>As proposed</Trans>
        </Button>
      )}
      <datalist id={listId}>{folders?.map(({ value }) => value && <option key={value} value={value} />)}</datalist>
      {isPicking && (
        <Suspense>
          <FolderPicker
            onChoose={(picked) => {
              setIsPicking(false);
              onChange({ folder: picked, filename });
            }}
            onClose={() => setIsPicking(false)}
          />
        </Suspense>
      )}
    </div>
  );
}

interface LineProps {
  label: string;
  value: string;
  list?: string;
  onSave: (said: string) => void;
}

/** Taken when it is left, or with Enter. */
function Line({ label, value, list, onSave }: LineProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const save = () => {
    const said = draft?.trim() ?? "";
    setDraft(null);
    if (said !== "" && said !== value) onSave(said);
  };
  return (
    <div className="min-w-0 flex-1">
      <label htmlFor={id} className="mb-1 block">
        {label}
      </label>
      <Input
        id={id}
        className="font-mono text-xs"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        maxLength={2000}
        list={list}
        value={draft ?? value}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && !event.nativeEvent.isComposing && save()}
        onBlur={save}
      />
    </div>
  );
}
