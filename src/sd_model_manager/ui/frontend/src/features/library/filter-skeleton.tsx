import { Skeleton } from "@/components/skeleton";

const SKELETON_ROWS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

export function FilterSkeleton() {
  return (
    <div className="space-y-3" aria-hidden>
      {SKELETON_ROWS.map((row) => (
        <Skeleton key={row} className="h-6" />
      ))}
    </div>
  );
}
