import { useLingui } from "@lingui/react/macro";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type RefObject, useEffect, useRef } from "react";
import { IconButton } from "@/components/button";
import { useNeighbours } from "@/features/model/use-neighbours";

const PANEL = "aside, [role=dialog]";
const TAKEN =
  "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=menu], [role=alertdialog]";

/** Go from the open model to the one before or behind it in the list, by click or by key. */
export function StepButtons({ id, name }: { id: number; name: string }) {
  const { t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  const neighbours = useNeighbours(id);
  const keepFocus = useFocusInPanel(box, id);
  const steps = {
    k: neighbours?.previous && (() => keepFocus(neighbours.previous)),
    j: neighbours?.next && (() => keepFocus(neighbours.next)),
  };
  useKeys(box, steps);
  if (!neighbours) return null;
  const { place, total } = neighbours;
  return (
    <div ref={box} className="flex">
      <p role="status" className="sr-only">
        {t`${name}, ${place} of ${total}`}
      </p>
      <Step label={t`Previous model`} keys="K" onStep={steps.k}>
        <ChevronLeft aria-hidden />
      </Step>
      <Step label={t`Next model`} keys="J" onStep={steps.j}>
        <ChevronRight aria-hidden />
      </Step>
    </div>
  );
}

interface StepProps {
  label: string;
  keys: string;
  /** Nothing at the end of the list: the button stays, as it may have the focus. */
  onStep: (() => void) | undefined;
  children: React.ReactNode;
}

function Step({ label, keys, onStep, children }: StepProps) {
  return (
    <IconButton
      size="smallIcon"
      label={label}
      aria-keyshortcuts={keys}
      aria-disabled={!onStep}
      className="aria-disabled:opacity-50"
      onClick={onStep}
    >
      {children}
    </IconButton>
  );
}

function useKeys(box: RefObject<HTMLElement | null>, steps: Record<string, (() => void) | undefined>): void {
  const latest = useRef(steps);
  useEffect(() => {
    latest.current = steps;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = latest.current[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey || isTaken(event, box.current)) return;
      event.preventDefault();
      step();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [box]);
}

/** The panel may be a dialog itself; a key in another dialog is not meant for it. */
function isTaken(event: KeyboardEvent, box: HTMLElement | null): boolean {
  if (event.defaultPrevented || event.isComposing || !(event.target instanceof Element)) return true;
  const dialogOf = (element: Element | null) => element?.closest("[role=dialog]") ?? null;
  return event.target.closest(TAKEN) !== null || dialogOf(event.target) !== dialogOf(box);
}

/** What had the focus in the panel goes with its model: the button to the next one gets it then. */
function useFocusInPanel(box: RefObject<HTMLElement | null>, id: number) {
  const wasInside = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another model is shown
  useEffect(() => {
    if (wasInside.current && document.activeElement === document.body) {
      box.current?.querySelector<HTMLElement>("button:last-of-type")?.focus();
    }
    wasInside.current = false;
  }, [box, id]);
  return (step: (() => void) | undefined) => {
    wasInside.current = box.current?.closest(PANEL)?.contains(document.activeElement) ?? false;
    step?.();
  };
}
