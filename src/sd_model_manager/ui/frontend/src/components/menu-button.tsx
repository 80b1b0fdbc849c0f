import { type ComponentProps, Suspense, useRef, useState } from "react";
import { Button } from "@/components/button";
import type { MenuGroups, MenuPlace } from "@/components/menu-items";
import { lazyPart } from "@/lib/lazy-part";

const Menu = lazyPart(() => import("@/components/menu"));

type MenuButtonProps = ComponentProps<typeof Button> & { label: string; groups: MenuGroups };

/** A button that opens a menu; the menu itself is fetched with the first click. */
export function MenuButton({ label, groups, ...rest }: MenuButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [place, setPlace] = useState<MenuPlace | null>(null);
  return (
    <>
      <Button
        ref={button}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={place !== null}
        onClick={(event) => setPlace(event.currentTarget.getBoundingClientRect())}
        {...rest}
      />
      {place && (
        <Suspense>
          <Menu
            label={label}
            groups={groups}
            place={place}
            onClose={() => setPlace(null)}
            onReturnFocus={() => button.current?.focus()}
          />
        </Suspense>
      )}
    </>
  );
}
