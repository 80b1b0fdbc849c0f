import { CircleDashed, Download, FolderInput, FolderSearch, Hash, type LucideIcon } from "lucide-react";

const ICONS: Partial<Record<string, LucideIcon>> = {
  download: Download,
  scan: FolderSearch,
  hash: Hash,
  move: FolderInput,
};

export function TaskIcon({ kind, className }: { kind: string; className: string }) {
  const Icon = ICONS[kind] ?? CircleDashed;
  return <Icon className={className} aria-hidden />;
}
