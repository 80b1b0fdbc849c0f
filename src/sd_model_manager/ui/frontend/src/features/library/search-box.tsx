import { useLingui } from "@lingui/react/macro";
import { CircleQuestionMark, Search, X } from "lucide-react";
import { Suspense, useId, useRef, useState } from "react";
import { IconButton } from "@/components/button";
import { CompletionList, optionId } from "@/components/completion-list";
import { Input } from "@/components/field";
import { Sentence } from "@/components/sentence";
import { useCompletion } from "@/features/library/use-completion";
import { cn } from "@/lib/cn";
import { lazyPart } from "@/lib/lazy-part";
import { useSearchBox } from "@/lib/use-search-box";

const SearchHelp = lazyPart(() => import("@/features/library/search-help"));

interface SearchBoxProps {
  value: string;
  /** What the server could not read in it. */
  problem: Error | null;
  onSearch: (q: string) => void;
  /** Is told of each text that will be searched for, before anything is drawn of it. */
  onAnticipate: (q: string) => void;
}

export function SearchBox({ value, problem: found, onSearch, onAnticipate }: SearchBoxProps) {
  const { t } = useLingui();
  const { text, setText, clear, field } = useSearchBox(value, onSearch);
  const completion = useCompletion(text, setText, field, () => onSearch(text.trim()));
  const { completions, active, listId } = completion;
  // What is being completed is not wrong yet.
  const problem = completions.length > 0 ? null : found;
  const problemId = useId();
  return (
    <search className="min-w-0 max-w-4xl flex-1 basis-44">
      <div className="relative">
        <Search
          className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-faint"
          aria-hidden
        />
        <Input
          ref={field}
          type="search"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={completions.length > 0}
          aria-controls={listId}
          aria-activedescendant={active === -1 ? undefined : optionId(listId, active)}
          autoComplete="off"
          aria-label={t`Search models`}
          aria-keyshortcuts="/"
          aria-invalid={problem !== null}
          aria-describedby={problemId}
          placeholder={t`Search names, trigger words, tags`}
          spellCheck={false}
          value={text}
          onChange={({ target }) => {
            onAnticipate(target.value.trim());
            completion.type(target.value, target.selectionStart ?? target.value.length);
          }}
          onKeyDown={(event) => {
            if (!completion.onKey(event) && event.key === "Escape") text ? clear() : event.currentTarget.blur();
          }}
          onBlur={completion.close}
          className={cn(
            "h-9.5 pr-18 pl-9 [&::-webkit-search-cancel-button]:hidden",
            problem !== null && "border-danger hover:border-danger focus-visible:border-danger outline-danger",
          )}
        />
        <CompletionList id={listId} completions={completions} active={active} onChoose={completion.choose} />
        <div className="absolute top-1/2 right-1 flex -translate-y-1/2 items-center">
          {text ? (
            <IconButton size="smallIcon" label={t`Clear the search`} onClick={clear}>
              <X aria-hidden />
            </IconButton>
          ) : (
            <kbd className="pointer-events-none mr-1.5 rounded border px-1.5 font-sans text-xs text-ink-faint max-sm:hidden">
              /
            </kbd>
          )}
          <HelpButton
            onTry={(example) => {
              setText(example);
              field.current?.focus();
            }}
          />
        </div>
      </div>
      <p id={problemId} role="status" className="text-[13px] leading-relaxed text-danger not-empty:mt-1.5">
        {problem && <Sentence said={problem} />}
      </p>
    </search>
  );
}

function HelpButton({ onTry }: { onTry: (example: string) => void }) {
  const { t } = useLingui();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <IconButton
        ref={button}
        size="smallIcon"
        label={t`How to search`}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <CircleQuestionMark aria-hidden />
      </IconButton>
      {isOpen && (
        <Suspense>
          <SearchHelp anchor={button} onClose={() => setIsOpen(false)} onTry={onTry} />
        </Suspense>
      )}
    </>
  );
}
