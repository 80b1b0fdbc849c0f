import { useLingui } from "@lingui/react/macro";
import { EyeOff } from "lucide-react";
import { Suspense, useState } from "react";
import { useMature } from "@/api/mature";
import { Button } from "@/components/button";
import { cn } from "@/lib/cn";
import { lazyPart } from "@/lib/lazy-part";
import { reveal } from "@/lib/revealed";

const UnlockDialog = lazyPart(() => import("@/components/unlock-dialog"));

interface RevealButtonProps {
  model: { id: number; name: string };
  className?: string;
}

/** Shows what is blurred of a model; asks for the passphrase first where mature content is locked. */
export default function RevealButton({ model: { id, name }, className }: RevealButtonProps) {
  const { t } = useLingui();
  const isLocked = useMature().data?.is_locked ?? false;
  const [isAsking, setIsAsking] = useState(false);
  const label = t`Show the mature picture of ${name}`;
  return (
    <>
      <Button
        size="icon"
        aria-label={label}
        title={label}
        onClick={() => (isLocked ? setIsAsking(true) : reveal(id))}
        className={cn(
          "rounded-full border-white/25 bg-black/55 text-white backdrop-blur-sm hover:bg-black/75",
          className,
        )}
      >
        <EyeOff aria-hidden />
      </Button>
      {isAsking && (
        <Suspense>
          <UnlockDialog onClose={() => setIsAsking(false)} onUnlocked={() => reveal(id)} />
        </Suspense>
      )}
    </>
  );
}
