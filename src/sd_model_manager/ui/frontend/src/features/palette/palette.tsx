import { Trans, useLingui } from "@lingui/react/macro";
import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useFoundModels } from "@/api/models";
import { Modal } from "@/components/modal";
import { type Command, useCommands, useModelCommands } from "@/features/palette/commands";
import { cn } from "@/lib/cn";

const WAIT_MS = 150;
const SHOWN_WITHOUT_WORDS = 12;

interface PaletteProps {
  onClose: () => void;
  onShowKeys: () => void;
}

/** Goes to a page, a model, a type or an action by a few letters of its name. */
export default function Palette({ onClose, onShowKeys }: PaletteProps) {
  const { t } = useLingui();
  const listId = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const commands = useMatching(text, onShowKeys);

  const choose = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const last = commands.length - 1;
    if (event.key === "ArrowDown") setActive(active >= last ? 0 : active + 1);
    else if (event.key === "ArrowUp") setActive(active <= 0 ? last : active - 1);
    else if (event.key === "Enter") choose(commands[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      onClose={onClose}
      className="top-[12dvh] left-1/2 flex max-h-[70dvh] w-[min(38rem,calc(100vw-1.5rem))] -translate-x-1/2 flex-col overflow-hidden rounded-2xl border"
    >
      <Dialog.Title className="sr-only">
        <Trans>Go to</Trans>
      </Dialog.Title>
      <div className="flex items-center gap-3 border-b px-4">
        <Search className="size-4 shrink-0 text-ink-faint" aria-hidden />
        <input
          type="text"
          role="combobox"
          aria-label={t`Page, model or action`}
          aria-autocomplete="list"
          aria-expanded={commands.length > 0}
          aria-controls={listId}
          aria-activedescendant={commands[active] && `${listId}-${active}`}
          placeholder={t`Page, model or action`}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-13 w-full bg-transparent text-base outline-none placeholder:text-ink-faint"
        />
      </div>
      <CommandList id={listId} commands={commands} active={active} onChoose={choose} />
      {commands.length === 0 && (
        <p role="status" className="px-5 py-8 text-center text-sm text-ink-soft">
          <Trans>Nothing is called so.</Trans>
        </p>
      )}
    </Modal>
  );
}

interface CommandListProps {
  id: string;
  commands: Command[];
  active: number;
  onChoose: (command: Command) => void;
}

function CommandList({ id, commands, active, onChoose }: CommandListProps) {
  const { t } = useLingui();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector<HTMLElement>("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });
  return (
    <div ref={list} id={id} role="listbox" aria-label={t`Found`} className="min-h-0 overflow-y-auto p-1.5 empty:hidden">
      {commands.map((command, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
        <div
          key={command.key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()} // the focus stays in the field
          onClick={() => onChoose(command)}
          className={cn(
            "flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2 text-sm hover:bg-raised",
            index === active && "bg-accent-soft text-accent-ink hover:bg-accent-soft",
          )}
        >
          <command.icon className="size-4 shrink-0 opacity-80" aria-hidden />
          <span className="min-w-0 flex-1 truncate">{command.label}</span>
          {command.hint && <span className="max-w-[45%] shrink-0 truncate text-xs text-ink-faint">{command.hint}</span>}
        </div>
      ))}
    </div>
  );
}

/** What has the words in its name: commands at once, models a moment after the last key. */
function useMatching(text: string, onShowKeys: () => void): Command[] {
  const [asked, setAsked] = useState("");
  const words = text.trim().toLowerCase();
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const commands = useCommands(onShowKeys);
  const models = useModelCommands(useFoundModels(words === "" ? "" : asked).data ?? []);
  if (words === "") return commands.slice(0, SHOWN_WITHOUT_WORDS);
  const isNamedSo = (command: Command) => command.label.toLowerCase().includes(words);
  // Models that are called so come before those of which it is said elsewhere.
  return [...commands, ...models].filter(isNamedSo).concat(models.filter((model) => !isNamedSo(model)));
}
