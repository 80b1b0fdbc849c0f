import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { useEffect } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { IconButton } from "@/components/button";
import { Sheet } from "@/components/sheet";
import { ModelPanel } from "@/features/model/model-panel";
import { useMediaQuery } from "@/lib/media-query";

/** The open model: beside the grid where there is room, over it otherwise. */
export default function ModelPage() {
  const { t } = useLingui();
  const { modelId } = useParams();
  const { search } = useLocation();
  const navigate = useNavigate();
  const isBeside = useMediaQuery("(min-width: 64rem)");
  const close = () => navigate({ pathname: "/", search });
  useEscape(isBeside, close);
  const panel = <ModelPanel key={modelId} id={Number(modelId)} onClose={close} />;
  if (!isBeside) {
    return (
      <Sheet title={t`Model`} onClose={close}>
        {panel}
      </Sheet>
    );
  }
  return (
    <aside
      aria-label={t`Model`}
      className="relative w-[25rem] shrink-0 animate-[slide-in-right_.18s_ease-out] border-l bg-surface xl:w-[28rem] 2xl:w-[32rem]"
    >
      <IconButton
        label={t`Close`}
        onClick={close}
        className="absolute top-2.5 right-2.5 z-20 bg-surface/80 backdrop-blur"
      >
        <X aria-hidden />
      </IconButton>
      {panel}
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
