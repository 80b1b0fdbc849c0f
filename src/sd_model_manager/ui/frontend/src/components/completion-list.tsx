import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";

/** `count` is how many models have it; `null` where that is not known. */
interface Suggested {
  text: string;
  count: number | null;
  kind?: string;
}

interface CompletionListProps<T extends Suggested> {
  id: string;
  completions: T[];
  /** The index of the one that Enter takes; -1 for none. */
  active: number;
  onChoose: (completion: T) => void;
}

export function optionId(listId: string, index: number): string {
  return `${listId}-${index}`;
}

/** What may stand where the user is typing, below the box, which keeps the focus. */
export function CompletionList<T extends Suggested>({ id, completions, active, onChoose }: CompletionListProps<T>) {
  const { t } = useLingui();
  const format = useFormat();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector<HTMLElement>("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={t`Completions`}
      hidden={completions.length === 0}
      className="absolute inset-x-0 top-full z-30 mt-1 max-h-[min(24rem,60vh)] overflow-y-auto rounded-xl border bg-surface p-1 shadow-float"
    >
      {completions.map((completion, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box, which keeps the focus
        <div
          key={`${completion.kind} ${completion.text}`}
          id={optionId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()} // the focus stays in the box
          onClick={() => onChoose(completion)}
          className={cn(
            "flex cursor-pointer items-center gap-3 rounded-lg px-2.5 py-1.5 text-[13px] hover:bg-raised",
            index === active && "bg-accent-soft text-accent-ink hover:bg-accent-soft",
          )}
        >
          <span className="min-w-0 flex-1 truncate font-mono text-xs font-medium">{completion.text}</span>
          {completion.count !== null && (
            <span className="text-xs text-ink-faint tabular-nums">{format.number(completion.count)}</span>
          )}
        </div>
      ))}
    </div>
  );
}
