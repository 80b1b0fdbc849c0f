import { Trans } from "@lingui/react/macro";
import { ScanSearch } from "lucide-react";
import { Suspense, useState } from "react";
import { Button } from "@/components/button";
import { Skeleton } from "@/components/skeleton";
import { lazyPart } from "@/lib/lazy-part";

const FoundPrograms = lazyPart(() => import("@/features/settings/found-programs"));

/** Looks for installed programs when it is asked to: that reads many folders. */
export function FoundOnMachine() {
  const [isOpen, setIsOpen] = useState(false);
  if (!isOpen) {
    return (
      <Button look="quiet" size="small" className="mt-3 -ml-3" onClick={() => setIsOpen(true)}>
        <ScanSearch aria-hidden />
        <Trans>Find installed programs</Trans>
      </Button>
    );
  }
  return (
    <Suspense fallback={<Skeleton className="mt-5 h-24 w-full" />}>
      <FoundPrograms />
    </Suspense>
  );
}
