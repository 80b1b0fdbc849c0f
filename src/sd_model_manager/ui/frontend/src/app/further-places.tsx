import { Trans, useLingui } from "@lingui/react/macro";
import { Ellipsis } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from "react";
import { Link, useLocation } from "react-router";
import { Count, placeClass } from "@/app/place-look";
import { isInside, PLACES } from "@/app/places";
import { cn } from "@/lib/cn";

const FURTHER = PLACES.filter((place) => place.isFurther);

/** The places for which there is no room: a button, and the list it opens until one is chosen or left. */
export function FurtherPlaces({ counts, className }: { counts: Record<string, number>; className: string }) {
  const { t } = useLingui();
  const { pathname } = useLocation();
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const listId = useId();
  const isHere = FURTHER.some((place) => isInside(place, pathname));
  const count = FURTHER.reduce((sum, place) => sum + (counts[place.to] ?? 0), 0);

  useLeaving(box, isOpen, () => setIsOpen(false));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    setIsOpen(false);
    button.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it listens for what happens to the button and links in it.
    <div ref={box} className={cn("relative flex", className)} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        aria-expanded={isOpen}
        aria-controls={listId}
        onClick={() => setIsOpen(!isOpen)}
        className={cn(placeClass(isHere), "flex-1")}
      >
        <Ellipsis className="size-5 sm:size-4" aria-hidden />
        <Trans>More</Trans>
        <Count count={count} className="max-sm:absolute max-sm:top-1 max-sm:left-1/2 max-sm:ml-2" />
      </button>
      <ul
        id={listId}
        hidden={!isOpen}
        className="absolute z-30 min-w-52 rounded-xl border bg-surface p-1.5 shadow-float max-sm:right-2 max-sm:bottom-full max-sm:mb-2 sm:top-full sm:left-0 sm:mt-1"
      >
        {FURTHER.map((place) => {
          const Icon = place.icon;
          const isCurrent = isInside(place, pathname);
          return (
            <li key={place.to}>
              <Link
                to={place.to}
                aria-current={isCurrent ? "page" : undefined}
                onClick={() => setIsOpen(false)}
                className={cn(
                  "flex h-11 items-center gap-3 rounded-lg px-3 text-sm font-medium hover:bg-raised sm:h-9.5",
                  isCurrent ? "text-accent-ink" : "text-ink",
                )}
              >
                <Icon className="size-4.5" aria-hidden />
                <span className="flex-1">{t(place.label)}</span>
                <Count count={counts[place.to] ?? 0} />
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Calls `onLeave` when something outside the box is pressed or takes the focus while it is open. */
function useLeaving(box: RefObject<HTMLElement | null>, isOpen: boolean, onLeave: () => void): void {
  const leave = useRef(onLeave);
  useEffect(() => {
    leave.current = onLeave;
  });
  useEffect(() => {
    if (!isOpen) return;
    const onEvent = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) leave.current();
    };
    document.addEventListener("pointerdown", onEvent);
    document.addEventListener("focusin", onEvent);
    return () => {
      document.removeEventListener("pointerdown", onEvent);
      document.removeEventListener("focusin", onEvent);
    };
  }, [box, isOpen]);
}
