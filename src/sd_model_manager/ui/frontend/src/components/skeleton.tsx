import { cn } from "@/lib/cn";

export function Skeleton({ className }: { className?: string }) {
  return (
    <div aria-hidden className={cn("animate-[shimmer_1.6s_ease-in-out_infinite] rounded-lg bg-raised", className)} />
  );
}
