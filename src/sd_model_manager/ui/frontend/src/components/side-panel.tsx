import { useLingui } from "@lingui/react/macro";
import { Maximize2, Minimize2, X } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { IconButton } from "@/components/button";
import { panelHeadClass, Sheet } from "@/components/sheet";
import { cn } from "@/lib/cn";
import { useMediaQuery } from "@/lib/media-query";
import { StoredChoice } from "@/lib/stored-choice";

const extent = new StoredChoice("sdmm.panel", ["beside", "page"], "beside");

interface SidePanelProps {
  title: string;
  /** Further buttons in its head. */
  actions?: ReactNode;
  onClose: () => void;
  /** Whether it may also take the whole page; what stands beside it is hidden there, by `data-page`. */
  canBePage?: boolean;
  children: ReactNode;
}

/** What is open: beside the list where there is room, over it otherwise. Escape closes it. */
export function SidePanel({ title, actions, onClose, canBePage = false, children }: SidePanelProps) {
  const { t } = useLingui();
  const isBeside = useMediaQuery("(min-width: 64rem)");
  const isPage = extent.use() === "page" && canBePage;
  useEscape(isBeside, onClose);
  if (!isBeside) {
    return (
      <Sheet title={title} actions={actions} onClose={onClose}>
        {children}
      </Sheet>
    );
  }
  return (
    <aside
      aria-label={title}
      data-page={isPage || undefined}
      className={cn(
        "flex flex-col bg-surface",
        isPage
          ? "absolute inset-0 z-10"
          : "w-[25rem] shrink-0 animate-[slide-in-right_.18s_ease-out] border-l xl:w-[28rem] 2xl:w-[32rem]",
      )}
    >
      <div className={panelHeadClass}>
        <p className="mr-auto">{title}</p>
        {actions}
        {canBePage && (
          <IconButton
            size="smallIcon"
            label={isPage ? t`Beside the library` : t`As a whole page`}
            onClick={() => extent.set(isPage ? "beside" : "page")}
          >
            {isPage ? <Minimize2 aria-hidden /> : <Maximize2 aria-hidden />}
          </IconButton>
        )}
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
