import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Dialog } from "radix-ui";
import { Fragment } from "react";
import { Modal, ModalClose } from "@/components/modal";

interface Shortcut {
  /** Alternatives, each a chord of keys. */
  keys: string[][];
  does: MessageDescriptor;
}

const EVERYWHERE: Shortcut[] = [
  { keys: [["Ctrl", "K"]], does: msg`Go to a page, a model or an action` },
  { keys: [["?"]], does: msg`Show these keys` },
  { keys: [["Ctrl", "V"]], does: msg`Look up the links in the clipboard` },
];
const LIBRARY: Shortcut[] = [
  { keys: [["/"]], does: msg`Search` },
  { keys: [["←"], ["↑"], ["→"], ["↓"]], does: msg`Go from model to model` },
  { keys: [["Home"], ["End"]], does: msg`Go to the first or the last model` },
  { keys: [["Enter"]], does: msg`Open the model` },
  { keys: [["K"], ["J"]], does: msg`From the open model to the one before or behind it` },
  { keys: [["F"]], does: msg`Make it a favourite, or not any more` },
  { keys: [["Shift", "F10"], ["Menu"]], does: msg`Show what can be done with it` },
  { keys: [["Esc"]], does: msg`Clear the selection, or close the model` },
];
const DISCOVER: Shortcut[] = [
  { keys: [["/"]], does: msg`Search` },
  { keys: [["←"], ["↑"], ["→"], ["↓"]], does: msg`Go from model to model` },
  { keys: [["Ctrl", "V"]], does: msg`In the search box: look up the link` },
  { keys: [["Esc"]], does: msg`Clear the search, or close the model` },
];
const SELECTION: Shortcut[] = [
  { keys: [["Space"]], does: msg`Select the model, or not any more` },
  { keys: [["Shift", "Space"]], does: msg`Select all up to this model` },
  { keys: [["Shift", "→"]], does: msg`Select on the way` },
  { keys: [["Ctrl", "A"]], does: msg`Select everything that was found` },
];
const SEARCH: Shortcut[] = [
  { keys: [["↓"], ["↑"]], does: msg`Go through the completions` },
  { keys: [["Enter"], ["Tab"]], does: msg`Take the completion` },
  { keys: [["Esc"]], does: msg`Close the completions, then clear the search` },
];

/** All keys of the page. */
export default function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  return (
    <Modal
      onClose={onClose}
      className="top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-[min(52rem,calc(100vw-2rem))] -translate-1/2 overflow-y-auto rounded-2xl border p-6"
    >
      <div className="flex items-center justify-between">
        <Dialog.Title className="text-lg font-semibold">
          <Trans>Keys</Trans>
        </Dialog.Title>
        <ModalClose />
      </div>
      <div className="mt-3 grid gap-x-10 gap-y-6 md:grid-cols-2">
        <div className="space-y-6">
          <KeyTable title={t`Library`} shortcuts={LIBRARY} />
          <KeyTable title={t`Discover`} shortcuts={DISCOVER} />
        </div>
        <div className="space-y-6">
          <KeyTable title={t`Everywhere`} shortcuts={EVERYWHERE} />
          <KeyTable title={t`Selection`} shortcuts={SELECTION} />
          <KeyTable title={t`Search box`} shortcuts={SEARCH} />
        </div>
      </div>
    </Modal>
  );
}

function KeyTable({ title, shortcuts }: { title: string; shortcuts: Shortcut[] }) {
  const { t } = useLingui();
  return (
    <section>
      <h3 className="text-xs font-medium text-ink-faint">{title}</h3>
      <dl className="mt-1.5 divide-y text-[13px]">
        {shortcuts.map(({ keys, does }) => (
          <div key={t(does)} className="flex items-center justify-between gap-4 py-1.5">
            <dt className="min-w-0">{t(does)}</dt>
            <dd className="flex shrink-0 items-center gap-1">
              {keys.map((chord, index) => (
                <Fragment key={chord.join("+")}>
                  {index > 0 && <span className="sr-only">{t`or`}</span>}
                  <Chord keys={chord} />
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

function Chord({ keys }: { keys: string[] }) {
  return (
    <kbd className="inline-flex gap-0.5 font-sans">
      {keys.map((key) => (
        <kbd key={key} className="min-w-6 rounded-md border bg-raised px-1.5 py-0.5 text-center font-sans text-xs">
          {key === "Ctrl" && isApple ? "⌘" : key}
        </kbd>
      ))}
    </kbd>
  );
}
