import { Trans, useLingui } from "@lingui/react/macro";
import { FolderOpen, FolderPlus } from "lucide-react";
import { type FormEvent, Suspense, useId, useState } from "react";
import { type Install, useRecognise } from "@/api/engines";
import { useAddFolder } from "@/api/settings";
import { Button } from "@/components/button";
import { Input } from "@/components/field";
import { lazyPart } from "@/lib/lazy-part";
import { toast } from "@/lib/toast";

const FolderPicker = lazyPart(() => import("@/components/folders/folder-picker"));

/** Adds a folder by its path, typed or picked; the server scans it at once. */
export function AddFolder() {
  const { t } = useLingui();
  const [path, setPath] = useState("");
  const [isPicking, setIsPicking] = useState(false);
  const { consider, add, offer, error, isBusy, forget } = useConsideredFolder(() => setPath(""));
  const errorId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (path.trim() !== "") consider(path.trim());
  };
  const pick = (picked: string) => {
    setIsPicking(false);
    setPath(picked);
    consider(picked);
  };
  return (
    <form onSubmit={submit}>
      <div className="flex flex-wrap gap-2">
        <Input
          className="min-w-0 flex-1 basis-60"
          aria-label={t`Path of the folder`}
          aria-invalid={error !== null}
          aria-describedby={error ? errorId : undefined}
          placeholder={t`Path of a folder, such as D:\\ComfyUI\\models`}
          spellCheck={false}
          autoCapitalize="off"
          value={path}
          onChange={(event) => {
            setPath(event.target.value);
            forget();
          }}
        />
        <Button onClick={() => setIsPicking(true)}>
          <FolderOpen aria-hidden />
          <Trans>Browse</Trans>
        </Button>
        <Button type="submit" disabled={isBusy || path.trim() === ""}>
          <FolderPlus aria-hidden />
          <Trans>Add folder</Trans>
        </Button>
      </div>
      {error && (
        <p id={errorId} role="alert" className="mt-2 text-[13px] text-danger">
          {error.message}
        </p>
      )}
      {offer && <BetterFolders install={offer} path={path.trim()} isBusy={isBusy} onAdd={add} />}
      {isPicking && (
        <Suspense>
          <FolderPicker onChoose={pick} onClose={() => setIsPicking(false)} />
        </Suspense>
      )}
    </form>
  );
}

/** Adds a folder, but where it is a program's own asks first whether the folders of its models are meant. */
function useConsideredFolder(onAdded: () => void) {
  const { t } = useLingui();
  const recognise = useRecognise();
  const addFolder = useAddFolder();
  const [offer, setOffer] = useState<Install | null>(null);
  const add = (path: string) =>
    addFolder.mutate(path, {
      onSuccess: (folder) => {
        onAdded();
        setOffer((before) => before && without(before, path));
        toast.success(t`Folder added`, { description: folder.path });
      },
    });
  const consider = (path: string) =>
    recognise.mutate(path, {
      onSuccess: ({ install, folder }) => {
        const isItsModels = install?.folders.some((own) => isWithin(folder.path, own.path)) ?? false;
        if (install && install.folders.length > 0 && !isItsModels) setOffer(install);
        else add(path);
      },
    });
  const forget = () => {
    setOffer(null);
    recognise.reset();
    addFolder.reset();
  };
  const isBusy = recognise.isPending || addFolder.isPending;
  return { consider, add, offer, error: recognise.error ?? addFolder.error, isBusy, forget };
}

/** What is left to offer when one of its folders, or all of it, was added. */
function without(install: Install, path: string): Install | null {
  const folders = install.folders.filter((folder) => !isWithin(folder.path, path));
  return folders.length > 0 ? { ...install, folders } : null;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
}

interface BetterFoldersProps {
  install: Install;
  path: string;
  isBusy: boolean;
  onAdd: (path: string) => void;
}

function BetterFolders({ install, path, isBusy, onAdd }: BetterFoldersProps) {
  const { t } = useLingui();
  return (
    <div
      role="status"
      ref={(box) => box?.scrollIntoView({ block: "nearest" })}
      className="mt-3 rounded-xl border border-accent-ink/30 bg-accent-soft p-3.5 text-[13px]"
    >
      <p className="text-ink">
        <Trans>This is {install.name}. Its models lie further inside:</Trans>
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        {install.folders.map((folder) => (
          <Button
            key={folder.path}
            look="primary"
            size="small"
            disabled={isBusy || folder.state !== "new"}
            className="h-auto min-h-8 max-w-full py-1.5 text-left whitespace-normal [overflow-wrap:anywhere]"
            onClick={() => onAdd(folder.path)}
          >
            <FolderPlus aria-hidden />
            {folder.state === "new" ? t`Add ${folder.path}` : t`${folder.path} is in your library`}
          </Button>
        ))}
        <Button size="small" disabled={isBusy} onClick={() => onAdd(path)}>
          <Trans>Add all of it nevertheless</Trans>
        </Button>
      </div>
    </div>
  );
}
