import { type KeyboardEvent, useId, useState } from "react";
import { type NamedField, useNames } from "@/api/discover";
import type { Browsable } from "@/api/types";
import { CompletionList, optionId } from "@/components/completion-list";
import { Input } from "@/components/field";
import { useRested } from "@/lib/use-rested";

interface NameFilterProps {
  source: Browsable;
  field: NamedField;
  label: string;
  hint: string;
  value: string;
  onChoose: (value: string) => void;
}

/** One name to narrow by, completed while it is typed; it holds from when it is chosen, entered or left. */
export function NameFilter({ source, field, label, hint, value, onChoose }: NameFilterProps) {
  const id = useId();
  const listId = useId();
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    // It was changed elsewhere: by a chip, a model, the way back.
    setKnown(value);
    setText(value);
  }
  const [active, setActive] = useState(-1);
  const [isOpen, setIsOpen] = useState(false);
  const found = useSuggestions(source, field, isOpen ? text.trim() : "");
  const choose = (name: string) => {
    if (name !== text) setText(name);
    setIsOpen(false);
    if (name !== value) onChoose(name);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const places = found.length + 1; // one more than there are: back in the text
    const move = (step: number) => setActive((now) => ((now + 1 + step + places) % places) - 1);
    if (event.key === "ArrowDown") isOpen ? move(1) : setIsOpen(true);
    else if (event.key === "ArrowUp" && found.length > 0) move(-1);
    else if (event.key === "Escape" && isOpen) setIsOpen(false);
    else if (event.key === "Escape") setText(value);
    else if (event.key === "Enter") choose(found[active]?.text ?? text.trim());
    else return;
    event.preventDefault();
  };
  return (
    <div className="px-2">
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-ink-faint">
        {label}
      </label>
      <div className="relative">
        <Input
          id={id}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={found.length > 0}
          aria-controls={listId}
          aria-activedescendant={found[active] ? optionId(listId, active) : undefined}
          value={text}
          maxLength={200}
          placeholder={hint}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setActive(-1);
            setIsOpen(true);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => choose(text.trim())}
          className="h-8.5 text-[13px]"
        />
        <CompletionList id={listId} completions={found} active={active} onChoose={({ text: name }) => choose(name)} />
      </div>
    </div>
  );
}

/** A source is asked when the typing rests, and not for a single letter. */
const WAIT_MS = 300;
const SHORTEST = 2;

function useSuggestions(source: Browsable, field: NamedField, part: string) {
  const asked = useRested(part, WAIT_MS);
  const isAsking = source.completes && asked.length >= SHORTEST;
  const names = useNames(source.source, field, isAsking ? asked : "");
  if (part.length < SHORTEST || !isAsking) return [];
  // Those of what was typed before stay in sight as long as they fit.
  const fitting = (names.data ?? []).filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()));
  return fitting.map(({ name, models }) => ({ text: name, count: models }));
}
