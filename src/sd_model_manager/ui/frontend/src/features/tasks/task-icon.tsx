import { Download, FilePen, FolderInput, FolderSearch, Hash, type LucideIcon } from "lucide-react";
import type { Task } from "@/api/types";

const ICONS: Record<Task["kind"], LucideIcon> = {
  download: Download,
  scan: FolderSearch,
  hash: Hash,
  move: FolderInput,
  export: FilePen,
};

export function TaskIcon({ kind, className }: { kind: Task["kind"]; className: string }) {
  const Icon = ICONS[kind];
  return <Icon className={className} aria-hidden />;
}
