import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { useModelCount } from "@/api/model-counts";
import { AddFolder } from "@/features/settings/add-folder";
import { ComfyHint, ComfyList } from "@/features/settings/comfy-paths";
import { CredentialFields } from "@/features/settings/credentials";
import { GroupFields } from "@/features/settings/grouped-settings";
import SetupGuide from "@/features/setup/setup-guide";
import { setupGuide } from "@/lib/setup-guide";

/** The setup guide: by itself where the library is empty, and whenever it is asked for. */
export default function SetupPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const frame = useRef<HTMLDivElement>(null);
  useReturnWhenFilled(frame);
  const end = () => {
    setupGuide.set("closed");
    void navigate("/");
  };
  return (
    <div ref={frame} className="relative h-full overflow-y-auto">
      <title>{t`Setup guide · SD Model Manager`}</title>
      <SetupGuide
        addFolder={<AddFolder />}
        keys={<CredentialFields />}
        lookUps={<GroupFields id="lookups" />}
        comfyui={
          <>
            <p className="mb-3">
              <ComfyHint />
            </p>
            <ComfyList />
          </>
        }
        onEnd={end}
      />
    </div>
  );
}

/** Whoever was led here because the library was empty is led back when it is not, unless the guide is in use by then. */
function useReturnWhenFilled(frame: React.RefObject<HTMLElement | null>): void {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { state } = useLocation();
  const [isInUse, setIsInUse] = useState(state !== "automatic");
  const count = useModelCount("").data ?? 0;
  useEffect(() => {
    const element = frame.current;
    const use = () => setIsInUse(true);
    element?.addEventListener("pointerdown", use);
    element?.addEventListener("keydown", use);
    return () => {
      element?.removeEventListener("pointerdown", use);
      element?.removeEventListener("keydown", use);
    };
  }, [frame]);
  useEffect(() => {
    if (isInUse || count === 0) return;
    // The list may be of the time before.
    void queryClient.invalidateQueries({ queryKey: ["models", "list"] });
    void navigate("/", { replace: true });
  }, [isInUse, count, navigate, queryClient]);
}
