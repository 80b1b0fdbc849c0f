import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { IconButton } from "@/components/button";
import { panelHeadClass, Sheet } from "@/components/sheet";
import { useMediaQuery } from "@/lib/media-query";

interface SidePanelProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** What is open: beside the list where there is room, over it otherwise. Escape closes it. */
export function SidePanel({ title, onClose, children }: SidePanelProps) {
  const { t } = useLingui();
  const isBeside = useMediaQuery("(min-width: 64rem)");
  useEscape(isBeside, onClose);
  if (!isBeside) {
    return (
      <Sheet title={title} onClose={onClose}>
        {children}
      </Sheet>
    );
  }
  return (
    <aside
      aria-label={title}
      className="flex w-[25rem] shrink-0 flex-col animate-[slide-in-right_.18s_ease-out] border-l bg-surface xl:w-[28rem] 2xl:w-[32rem]"
    >
      <div className={panelHeadClass}>
        <p>{title}</p>
        <IconButton size="smallIcon" label={t`Close`} onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </div>
      <div className="min-h-0 flex-1">{children}</div>
    </aside>
  );
}

function useEscape(isOn: boolean, action: () => void): void {
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const isTaken = event.defaultPrevented || (event.target as HTMLElement).closest("input, textarea, [role=menu]");
      if (event.key === "Escape" && !isTaken) action();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}
