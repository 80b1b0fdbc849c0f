import { Trans, useLingui } from "@lingui/react/macro";
import { FolderPlus } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { useAddFolder } from "@/api/settings";
import { Button } from "@/components/button";
import { Input } from "@/components/field";
import { toast } from "@/lib/toast";

/** Adds a folder by its path; the server scans it at once. */
export function AddFolder() {
  const { t } = useLingui();
  const [path, setPath] = useState("");
  const add = useAddFolder();
  const errorId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (path.trim() === "") return;
    add.mutate(path.trim(), {
      onSuccess: (folder) => {
        setPath("");
        toast.success(t`Folder added`, { description: folder.path });
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <div className="flex flex-wrap gap-2">
        <Input
          className="min-w-0 flex-1 basis-60"
          aria-label={t`Path of the folder`}
          aria-invalid={add.isError}
          aria-describedby={add.isError ? errorId : undefined}
          placeholder={t`Path of a folder, such as D:\\ComfyUI\\models`}
          spellCheck={false}
          autoCapitalize="off"
          value={path}
          onChange={(event) => setPath(event.target.value)}
        />
        <Button type="submit" disabled={add.isPending || path.trim() === ""}>
          <FolderPlus aria-hidden />
          <Trans>Add folder</Trans>
        </Button>
      </div>
      {add.isError && (
        <p id={errorId} role="alert" className="mt-2 text-[13px] text-danger">
          {add.error.message}
        </p>
      )}
    </form>
  );
}
