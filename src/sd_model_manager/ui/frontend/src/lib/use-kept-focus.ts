import { type RefObject, useEffect, useRef } from "react";

/** Takes the focus into a part of the page when what had it went away as the part changed. */
export function useKeptFocus<T extends HTMLElement>(change: unknown): RefObject<T | null> {
  const part = useRef<T>(null);
  const before = useRef(change);
  useEffect(() => {
    if (before.current !== change && document.activeElement === document.body) part.current?.focus();
    before.current = change;
  }, [change]);
  return part;
}
