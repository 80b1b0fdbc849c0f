import { type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import type { GridShape } from "@/features/library/density";
import type { Selection } from "@/features/library/use-selection";

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

interface Sweep {
  /** Where the pointer was pressed, in the coordinates of the list. */
  from: { x: number; y: number };
  /** Where it is now, in those of the window. */
  pointer: { x: number; y: number };
  isAdding: boolean;
  hasBegun: boolean;
}

/** A press that moves less than this is a click. */
const BEGINS_AFTER_PX = 4;
/** So near to an edge the list scrolls by itself, this far in a frame. */
const EDGE_PX = 48;
const SCROLL_PX = 18;
const INTERACTIVE = "a, button, input, label, [data-index]";

/**
 * Selects the cards under a box that is drawn with the mouse, from beside them; with Ctrl or Shift in addition to those
 * that are selected. `list` is the element whose corner the cards are counted from, `start` where its first row begins.
 */
export function useSweep(
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  { shape, total, start }: { shape: GridShape; total: number; start: number },
  selection: Pick<Selection, "sweep">,
) {
  const [box, setBox] = useState<Box | null>(null);
  const now = useRef<Sweep | null>(null);

  const update = useCallback(() => {
    const sweep = now.current;
    const corner = list.current?.getBoundingClientRect();
    if (!sweep || !corner) return;
    const [x, y] = [sweep.pointer.x - corner.left, sweep.pointer.y - corner.top];
    const drawn = {
      left: Math.min(x, sweep.from.x),
      top: Math.min(y, sweep.from.y),
      width: Math.abs(x - sweep.from.x),
      height: Math.abs(y - sweep.from.y),
    };
    sweep.hasBegun ||= Math.max(drawn.width, drawn.height) >= BEGINS_AFTER_PX;
    if (!sweep.hasBegun) return;
    setBox(drawn);
    selection.sweep(cardsUnder(drawn, shape, total, start), sweep.isAdding);
  }, [list, shape, total, start, selection]);

  const latest = useRef(update);
  useEffect(() => {
    latest.current = update;
  });
  const isSweeping = box !== null;
  useEffect(() => {
    if (!isSweeping) return;
    let frame = requestAnimationFrame(function follow() {
      if (scrollAtEdge(scroller.current, now.current)) latest.current();
      frame = requestAnimationFrame(follow);
    });
    return () => cancelAnimationFrame(frame);
  }, [isSweeping, scroller]);

  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const corner = list.current?.getBoundingClientRect();
    const target = event.target as HTMLElement;
    const isOnScrollBar = target === scroller.current && event.nativeEvent.offsetX > target.clientWidth;
    if (!corner || event.pointerType !== "mouse" || event.button !== 0) return;
    if (isOnScrollBar || target.closest(INTERACTIVE)) return;
    event.preventDefault(); // no text is selected
    now.current = {
      from: { x: event.clientX - corner.left, y: event.clientY - corner.top },
      pointer: { x: event.clientX, y: event.clientY },
      isAdding: event.ctrlKey || event.metaKey || event.shiftKey,
      hasBegun: false,
    };
    const move = (moved: globalThis.PointerEvent) => {
      if (now.current) now.current.pointer = { x: moved.clientX, y: moved.clientY };
      latest.current();
    };
    const end = () => {
      now.current = null;
      setBox(null);
      selection.sweep(null);
      window.removeEventListener("pointermove", move);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end, { once: true });
    window.addEventListener("pointercancel", end, { once: true });
  };
  return { box, onPointerDown };
}

/** The places in the list of the cards that a box touches. */
export function cardsUnder(box: Box, shape: GridShape, total: number, start: number): number[] {
  const columns = touched(box.left, box.width, shape.cardWidth, shape.gap, shape.columns - 1);
  const lastRow = Math.ceil(total / shape.columns) - 1;
  const rows = touched(box.top - start, box.height, shape.cardHeight, shape.gap, lastRow);
  return rows.flatMap((row) => columns.map((column) => row * shape.columns + column)).filter((index) => index < total);
}

/** Which of the tracks of this size, with gaps between them, a stretch touches. */
function touched(from: number, length: number, size: number, gap: number, last: number): number[] {
  const first = Math.max(0, Math.floor((from - size) / (size + gap)) + 1);
  const end = Math.min(last, Math.ceil((from + length) / (size + gap)) - 1);
  return Array.from({ length: Math.max(0, end - first + 1) }, (_, index) => first + index);
}

/** Says whether it has scrolled. */
function scrollAtEdge(scroller: HTMLElement | null, sweep: Sweep | null): boolean {
  if (!scroller || !sweep) return false;
  const { top, bottom } = scroller.getBoundingClientRect();
  const before = scroller.scrollTop;
  if (sweep.pointer.y < top + EDGE_PX) scroller.scrollTop -= SCROLL_PX;
  else if (sweep.pointer.y > bottom - EDGE_PX) scroller.scrollTop += SCROLL_PX;
  return scroller.scrollTop !== before;
}
