import { Trans, useLingui } from "@lingui/react/macro";
import { FileDiff, FilePen, Undo2 } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { type PathsPlan, useInstalls, usePlanPaths, useUndoPaths, useWritePaths } from "@/api/engines";
import { Button } from "@/components/button";
import { Diff } from "@/components/diff";
import { Input } from "@/components/field";
import { Sentence } from "@/components/sentence";

interface Written {
  file: string;
  undo_id: string | null;
}

/** Puts the section into the list of one ComfyUI: what would change is shown first, and it can be taken back. */
export default function ComfyMerge() {
  const { t } = useLingui();
  const [path, setPath] = useState("");
  const [isUsed, setIsUsed] = useState(false);
  const [written, setWritten] = useState<Written | null>(null);
  const plan = usePlanPaths();
  const write = useWritePaths();
  const undo = useUndoPaths();
  const errorId = useId();
  const chosen = path.trim();
  const error = plan.error ?? write.error ?? undo.error;
  const reset = () => {
    for (const step of [plan, write, undo]) step.reset();
    setWritten(null);
  };
  const look = (where: string) => {
    reset();
    setPath(where);
    if (where) plan.mutate(where);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look(chosen);
  };
  const put = (planned: PathsPlan) =>
    write.mutate(
      { path: chosen, digest: planned.digest },
      {
        onSuccess: (answer) => {
          plan.reset();
          setWritten(answer);
        },
      },
    );
  const takeBack = (undoId: string) => undo.mutate(undoId, { onSuccess: setWritten });
  return (
    <form onSubmit={submit} onFocus={() => setIsUsed(true)}>
      <div className="flex flex-wrap gap-2">
        <Input
          className="min-w-0 flex-1 basis-60"
          aria-label={t`Folder of ComfyUI`}
          aria-invalid={error !== null}
          aria-describedby={error ? errorId : undefined}
          placeholder={t`Folder of ComfyUI, such as D:\\ComfyUI`}
          spellCheck={false}
          autoCapitalize="off"
          value={path}
          onChange={(event) => {
            setPath(event.target.value);
            reset();
          }}
        />
        <Button type="submit" disabled={chosen === "" || plan.isPending}>
          <FileDiff aria-hidden />
          <Trans>Show what would change</Trans>
        </Button>
      </div>
      {isUsed && <FoundComfyUis chosen={chosen} onChoose={look} />}
      {error && (
        <p id={errorId} role="alert" className="mt-2 text-[13px] text-danger">
          <Sentence said={error} />
        </p>
      )}
      {plan.data && <Planned plan={plan.data} isBusy={write.isPending} onWrite={put} />}
      <div role="status">{written && <Done written={written} isBusy={undo.isPending} onUndo={takeBack} />}</div>
    </form>
  );
}

/** Those on this machine, to be chosen by a click. They are looked for only when the form is in use. */
function FoundComfyUis({ chosen, onChoose }: { chosen: string; onChoose: (path: string) => void }) {
  const { t } = useLingui();
  const installs = useInstalls().data?.installs.filter((install) => install.reads_paths) ?? [];
  if (installs.length === 0) return null;
  return (
    <ul aria-label={t`Found on this machine`} className="mt-2 flex flex-wrap gap-2">
      {installs.map((install) => (
        <li key={install.root} className="max-w-full">
          <Button
            size="small"
            aria-pressed={install.root === chosen}
            className="h-auto min-h-8 max-w-full py-1.5 text-left whitespace-normal [overflow-wrap:anywhere]"
            onClick={() => onChoose(install.root)}
          >
            {install.name}: {install.root}
          </Button>
        </li>
      ))}
    </ul>
  );
}

interface PlannedProps {
  plan: PathsPlan;
  isBusy: boolean;
  onWrite: (plan: PathsPlan) => void;
}

function Planned({ plan, isBusy, onWrite }: PlannedProps) {
  const { t } = useLingui();
  if (plan.diff.length === 0) {
    return (
      <p role="status" className="mt-3 text-[13px] text-ink-soft">
        <Trans>This ComfyUI sees all of your library already.</Trans>
      </p>
    );
  }
  return (
    <div className="mt-3 space-y-3 text-[13px] text-ink-soft">
      <p role="status" className="[overflow-wrap:anywhere]">
        {plan.exists ? (
          <Trans>{plan.file} would change like this. All else in it stays as it is, and its old text is kept.</Trans>
        ) : (
          <Trans>{plan.file} would be made, with this in it.</Trans>
        )}
      </p>
      <Diff lines={plan.diff} label={t`What would change`} />
      <Button look="primary" disabled={isBusy} onClick={() => onWrite(plan)}>
        <FilePen aria-hidden />
        <Trans>Write the file</Trans>
      </Button>
    </div>
  );
}

interface DoneProps {
  written: Written;
  isBusy: boolean;
  onUndo: (undoId: string) => void;
}

function Done({ written, isBusy, onUndo }: DoneProps) {
  const { undo_id } = written;
  if (undo_id === null) {
    return (
      <p className="mt-3 text-[13px] text-good [overflow-wrap:anywhere]">
        <Trans>{written.file} is as it was before.</Trans>
      </p>
    );
  }
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3 text-[13px] text-good">
      <p className="min-w-0 flex-1 basis-60 [overflow-wrap:anywhere]">
        <Trans>Written to {written.file}. Start ComfyUI again to see your models there.</Trans>
      </p>
      <Button size="small" disabled={isBusy} onClick={() => onUndo(undo_id)}>
        <Undo2 aria-hidden />
        <Trans>Undo</Trans>
      </Button>
    </div>
  );
}
