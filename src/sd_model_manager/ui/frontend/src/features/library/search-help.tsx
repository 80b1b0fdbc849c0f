import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Popover } from "radix-ui";
import { type RefObject, useRef } from "react";

const EXAMPLES: { query: string; meaning: MessageDescriptor }[] = [
  { query: "ink wash", meaning: msg`both words, in names, trigger words or tags` },
  { query: '"ink wash"', meaning: msg`exactly this phrase` },
  { query: "type:lora,vae", meaning: msg`one of these types` },
  { query: 'base:"SDXL 1.0"', meaning: msg`made for this base model` },
  { query: "-tag:anime", meaning: msg`without this tag: a minus excludes anything` },
  { query: "is:favorite rating:>=4", meaning: msg`favourites with four stars or more` },
  { query: "size:>2GB added:<30d", meaning: msg`large, and added in the last 30 days` },
  { query: "is:missing", meaning: msg`whose file is gone; also offline, duplicate, archived` },
  { query: "has:notes", meaning: msg`with notes; also preview, trigger, rating, tag` },
  { query: "sort:-size", meaning: msg`largest first; also name, added, modified` },
];

interface SearchHelpProps {
  /** The button that opened it: it stands below, and gives the focus back there. */
  anchor: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
  onTry: (example: string) => void;
}

/** What can be written into the search box, by examples that search when they are clicked. */
export default function SearchHelp({ anchor, onClose, onTry }: SearchHelpProps) {
  const { t } = useLingui();
  const chosen = useRef<string | null>(null);
  const choose = (query: string) => {
    chosen.current = query;
    onClose();
    onTry(query);
  };
  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={8}
          collisionPadding={12}
          aria-label={t`How to search`}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (chosen.current === null) anchor.current?.focus();
          }}
          onInteractOutside={(event) => {
            // The button closes it by itself.
            if (anchor.current?.contains(event.target as Node)) event.preventDefault();
          }}
          className="z-40 max-h-(--radix-popover-content-available-height) w-[min(30rem,calc(100vw-1.5rem))] animate-[rise-in_.15s_ease-out] overflow-y-auto rounded-xl border bg-surface p-4 shadow-float"
        >
          <h2 className="text-sm font-semibold">
            <Trans>How to search</Trans>
          </h2>
          <p className="mt-1 text-[13px] leading-relaxed text-ink-soft">
            <Trans>Put terms side by side; a model has to match them all. Click one to try it.</Trans>
          </p>
          <ul className="mt-3 space-y-0.5">
            {EXAMPLES.map(({ query, meaning }) => (
              <li key={query}>
                <button
                  type="button"
                  onClick={() => choose(query)}
                  className="-mx-2 grid w-[calc(100%+1rem)] grid-cols-[11rem_1fr] items-baseline gap-x-3 rounded-lg px-2 py-1.5 text-left text-[13px] hover:bg-raised max-sm:grid-cols-1"
                >
                  <code className="font-mono text-xs font-medium text-accent-ink">{query}</code>
                  <span className="text-ink-soft">{t(meaning)}</span>
                </button>
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
