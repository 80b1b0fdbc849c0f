import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import { useCompletions } from "@/api/completions";
import type { Completion } from "@/api/types";
import { useRested } from "@/lib/use-rested";

const WAIT_MS = 120;

interface Typed {
  q: string;
  caret: number;
}

/**
 * What may stand where the user is typing: asked for a moment after the last key, and put in place of exactly what it
 * completes. The list opens with typing or with the arrow down; `onSubmit` is Enter while none of it is chosen.
 */
export function useCompletion(
  text: string,
  setText: (text: string) => void,
  field: RefObject<HTMLInputElement | null>,
  onSubmit: () => void,
) {
  const listId = useId();
  const [typed, setTyped] = useState<Typed | null>(null);
  const asked = useRested(typed, WAIT_MS);
  const [active, setActive] = useState(-1);
  const placeCaret = usePlaceCaret(field);

  const found = useCompletions(asked);
  const completions = typed === null || asked === null ? [] : (found.data ?? []);
  // Those of what was typed before stay in sight, but they would replace the wrong characters.
  const isCurrent = asked === typed && !found.isPlaceholderData;

  const close = () => {
    setTyped(null);
    setActive(-1);
  };
  const type = (q: string, caret: number) => {
    setText(q);
    setTyped({ q, caret });
    setActive(-1);
  };
  const choose = (completion: Completion) => {
    if (!isCurrent) return;
    const { start, end, kind } = completion;
    const q = text.slice(0, start) + completion.text + text.slice(end);
    const caret = start + completion.text.length;
    placeCaret(caret);
    type(q, caret);
    if (kind !== "field") close(); // a field asks for its values next
  };
  const move = (step: number) => {
    if (typed === null) return setTyped({ q: text, caret: field.current?.selectionStart ?? text.length });
    const places = completions.length + 1; // one more than there are: back in the text
    setActive((now) => ((now + 1 + step + places) % places) - 1);
  };

  /** Whether the key was for the list. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
    const chosen = completions[active];
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp" && completions.length > 0) move(-1);
    else if (event.key === "Escape" && completions.length > 0) close();
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) choose(chosen);
    else if (event.key === "Enter") {
      close();
      onSubmit();
    } else {
      if (event.key === "Tab") close();
      return false;
    }
    event.preventDefault();
    return true;
  };
  return { completions, active, listId, type, close, choose, onKey };
}

/** Places the caret once the text it belongs into stands in the field. */
function usePlaceCaret(field: RefObject<HTMLInputElement | null>) {
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    field.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  });
  return (caret: number) => {
    wanted.current = caret;
  };
}
