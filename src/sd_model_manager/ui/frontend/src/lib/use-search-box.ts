import { useEffect, useRef, useState } from "react";
import { isTaken } from "@/lib/keys";

/** The text of a search box: typed at once, searched for `waitMs` after the last key; `/` comes to it from anywhere. */
export function useSearchBox(searched: string, onSearch: (q: string) => void, waitMs = 0) {
  const [text, setText] = useState(searched);
  const [known, setKnown] = useState(searched);
  const [sent, setSent] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  if (searched !== known) {
    // The address changed elsewhere (back, a link): it wins over what stands in the box. Where the box was its source,
    // more may have been typed since.
    setKnown(searched);
    setSent(null);
    if (searched !== text.trim() && searched !== sent) setText(searched);
  }

  const latest = useRef(onSearch);
  useEffect(() => {
    latest.current = onSearch;
  });
  useEffect(() => {
    if (text.trim() === known) return;
    const timer = setTimeout(() => {
      setSent(text.trim());
      latest.current(text.trim());
    }, waitMs);
    return () => clearTimeout(timer);
  }, [text, known, waitMs]);

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || isTaken(event)) return;
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
