import { useLingui } from "@lingui/react/macro";
import { Search } from "lucide-react";
import { Suspense, useEffect, useState } from "react";
import { IconButton } from "@/components/button";
import { isTaken } from "@/lib/keys";
import { lazyPart } from "@/lib/lazy-part";
import { withMessages } from "@/lib/locale";

const Palette = lazyPart(withMessages(() => import("@/features/palette/palette")));
const KeyHelp = lazyPart(withMessages(() => import("@/features/palette/key-help")));

/** A button and Ctrl+K open the palette, `?` the list of all keys; both are fetched when they are first asked for. */
export function Shortcuts() {
  const { t } = useLingui();
  const [open, setOpen] = useState<"palette" | "keys" | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isPalette = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      if (isPalette) setOpen((now) => (now === "palette" ? null : "palette"));
      else if (event.key === "?" && !isTaken(event)) setOpen("keys");
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const close = () => setOpen(null);
  return (
    <>
      <IconButton
        label={t`Go to a page, a model or an action`}
        aria-keyshortcuts="Control+K"
        onClick={() => setOpen("palette")}
      >
        <Search aria-hidden />
      </IconButton>
      <Suspense>
        {open === "palette" && <Palette onClose={close} onShowKeys={() => setOpen("keys")} />}
        {open === "keys" && <KeyHelp onClose={close} />}
      </Suspense>
    </>
  );
}
