import { useEffect } from "react";
import { useLocation } from "react-router";
import { useSettings } from "@/api/settings";

/** Brings the part that the address names into sight, once it is there: its settings arrive after the page. */
export function useNamedPart(): void {
  const { hash } = useLocation();
  const isReady = useSettings().isSuccess;
  useEffect(() => {
    if (isReady && hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [hash, isReady]);
}
