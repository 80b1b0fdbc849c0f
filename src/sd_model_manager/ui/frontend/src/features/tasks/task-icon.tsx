import {
  Download,
  FilePen,
  FolderInput,
  FolderSearch,
  Hash,
  type LucideIcon,
  RefreshCw,
  ScanSearch,
} from "lucide-react";
import type { Task } from "@/api/types";

const ICONS: Record<Task["kind"], LucideIcon> = {
  download: Download,
  scan: FolderSearch,
  hash: Hash,
  move: FolderInput,
  export: FilePen,
  enrich: ScanSearch,
  check_updates: RefreshCw,
};

export function TaskIcon({ kind, className }: { kind: Task["kind"]; className: string }) {
  const Icon = ICONS[kind];
  return <Icon className={className} aria-hidden />;
}
