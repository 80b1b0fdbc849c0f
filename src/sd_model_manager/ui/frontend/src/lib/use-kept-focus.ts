import { type RefObject, useEffect, useRef } from "react";

/** Takes the focus into a part of the page when what had it there went away as the part changed. */
export function useKeptFocus<T extends HTMLElement>(change: unknown): RefObject<T | null> {
  const part = useRef<T>(null);
  const before = useRef(change);
  const wasInside = useRef(false);
  useEffect(() => {
    const note = ({ target }: FocusEvent) => {
      wasInside.current = part.current?.contains(target as Node) ?? false;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);
  useEffect(() => {
    const isGone = wasInside.current && document.activeElement === document.body;
    if (before.current !== change && isGone) part.current?.focus();
    before.current = change;
  }, [change]);
  return part;
}
