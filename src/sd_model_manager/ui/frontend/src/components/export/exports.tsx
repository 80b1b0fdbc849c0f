import { Suspense, useEffect } from "react";
import { askedExport, closeExport, followedExports, forgetExports } from "@/components/export/asked";
import { ExportNews } from "@/components/export/export-news";
import { lazyPart } from "@/lib/lazy-part";

const ExportDialog = lazyPart(() => import("@/components/export/export-dialog"));

/** Asks what is to be written into other tools' files, and tells what came of it. */
export function Exports() {
  const asked = askedExport.use();
  useEffect(() => forgetExports, []);
  return (
    <>
      {followedExports.use().map((id) => (
        <ExportNews key={id} id={id} />
      ))}
      {asked && (
        <Suspense>
          <ExportDialog {...asked} onClose={closeExport} />
        </Suspense>
      )}
    </>
  );
}
