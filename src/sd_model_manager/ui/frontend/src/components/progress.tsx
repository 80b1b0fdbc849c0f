import { cn } from "@/lib/cn";

interface ProgressProps {
  /** 0 to 1; `null` while nobody knows. */
  share: number | null;
  label: string;
  isResting?: boolean;
  className?: string;
}

export function Progress({ share, label, isResting = false, className }: ProgressProps) {
  const percent = share === null ? undefined : Math.round(share * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={cn("h-1.5 overflow-hidden rounded-full bg-raised", className)}
    >
      {share === null ? (
        <div
          className={cn(
            "h-full w-1/3 rounded-full bg-accent",
            !isResting && "animate-[sweep_1.4s_ease-in-out_infinite]",
          )}
        />
      ) : (
        <div
          className={cn(
            "h-full rounded-full transition-[width] duration-300 ease-linear",
            isResting ? "bg-line-strong" : "bg-accent",
          )}
          style={{ width: `${share * 100}%` }}
        />
      )}
    </div>
  );
}
