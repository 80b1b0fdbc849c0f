import { Trans } from "@lingui/react/macro";
import { RotateCw } from "lucide-react";
import type { ComponentProps } from "react";
import { useActiveTasks, useScan } from "@/api/tasks";
import { Button } from "@/components/button";

/** Scans all library folders; while that goes on it says so. */
export function ScanButton({ children, ...rest }: ComponentProps<typeof Button>) {
  const scan = useScan();
  const isScanning = useActiveTasks().data?.items.some((task) => task.kind === "scan") ?? false;
  return (
    <Button disabled={isScanning || scan.isPending} onClick={() => scan.mutate({})} {...rest}>
      <RotateCw aria-hidden className={isScanning ? "animate-spin" : undefined} />
      {isScanning ? <Trans>Scanning</Trans> : children}
    </Button>
  );
}
