import { useLayoutEffect } from "react";
import { useNavigate } from "react-router";
import { findLinks, isPasteOfLinks } from "@/lib/links";

/** Links pasted on any page, outside a field, are taken to the downloads. */
export function PasteAnywhere() {
  const navigate = useNavigate();
  useLayoutEffect(() => {
    // At once: what is pasted on a page that has just appeared counts.
    const onPaste = (event: ClipboardEvent) => {
      const isInField = event.target instanceof Element && event.target.closest("input, textarea, [contenteditable]");
      const text = event.clipboardData?.getData("text") ?? "";
      if (isInField || !isPasteOfLinks(text)) return;
      event.preventDefault();
      navigate("/downloads", { state: { links: findLinks(text) } });
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [navigate]);
  return null;
}
