import { useEffect, useRef, useState } from "react";

const WAIT_MS = 250;

/** The text of the search box: typed at once, searched for a moment after the last key; `/` comes to it from anywhere. */
export function useSearchBox(searched: string, onSearch: (q: string) => void) {
  const [text, setText] = useState(searched);
  const [known, setKnown] = useState(searched);
  const field = useRef<HTMLInputElement>(null);
  if (searched !== known) {
    // The address changed elsewhere (back, a link): it wins over what stands in the box, unless that was its source.
    setKnown(searched);
    if (searched !== text.trim()) setText(searched);
  }

  const latest = useRef(onSearch);
  useEffect(() => {
    latest.current = onSearch;
  });
  useEffect(() => {
    if (text.trim() === known) return;
    const timer = setTimeout(() => latest.current(text.trim()), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text, known]);

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(target)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener("keydown", focus);
    return () => document.removeEventListener("keydown", focus);
  }, []);

  const clear = () => {
    setText("");
    onSearch("");
    field.current?.focus();
  };
  return { text, setText, clear, field };
}

function isTyping(target: HTMLElement): boolean {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
