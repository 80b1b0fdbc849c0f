import { type ReactNode, Suspense, useState } from "react";
import type { ViewedPicture } from "@/components/picture-viewer/picture-viewer";
import { lazyPart } from "@/lib/lazy-part";

const PictureViewer = lazyPart(() => import("@/components/picture-viewer/picture-viewer"));

/** Opens one of some pictures large; `viewer` is to be rendered beside them. */
export function usePictureViewer(name: string, pictures: ViewedPicture[]) {
  const [first, setFirst] = useState<number | null>(null);
  const viewer: ReactNode = first !== null && (
    <Suspense>
      <PictureViewer name={name} pictures={pictures} first={first} onClose={() => setFirst(null)} />
    </Suspense>
  );
  return { open: setFirst, viewer };
}
