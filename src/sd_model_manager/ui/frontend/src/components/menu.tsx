import { Check, ChevronRight } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { Fragment, type MouseEvent, useRef, useState } from "react";
import type { MenuGroups, MenuItem, MenuPlace } from "@/components/menu-items";
import { cn } from "@/lib/cn";

interface MenuProps {
  label: string;
  groups: MenuGroups;
  place: MenuPlace;
  onClose: () => void;
  /** Takes the focus when the menu closes, unless what was chosen has taken it. */
  onReturnFocus: () => void;
}

/** A menu that is open, over the page. */
export default function Menu({ label, groups, place, onClose, onReturnFocus }: MenuProps) {
  const chosen = useRef<(() => void) | undefined>(undefined);
  const [room] = useState(findRoom);
  const { x: left, y: top, width, height } = place;
  return (
    // Not modal: that would hide from screen readers what can still take the focus. The sheet below keeps the page still.
    <DropdownMenu.Root open modal={false} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="pointer-events-none fixed" style={{ left, top, width, height }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={room}>
        <div aria-hidden className="fixed inset-0 z-40" onContextMenu={passOn} />
      </DropdownMenu.Portal>
      <DropdownMenu.Portal container={room}>
        <DropdownMenu.Content
          loop
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          aria-labelledby={undefined} // not the trigger, which only says where the menu opens
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // Another menu that was asked for meanwhile would close if it lost the focus.
            if (!document.querySelector("[role=menu]")) onReturnFocus();
            chosen.current?.(); // what opens a dialog has to come after, or the dialog would lose the focus
          }}
          className={contentClass}
        >
          <Groups groups={groups} onChoose={(action) => (chosen.current = action)} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** The part of the page that a menu belongs into; a dialog has made all of it inert. */
function findRoom(): HTMLElement | undefined {
  if (document.querySelector("[role=dialog]")) return undefined;
  return document.getElementById("content") ?? undefined;
}

/** The right button asks what lies below the sheet for its own menu. */
function passOn(event: MouseEvent<HTMLElement>): void {
  event.preventDefault();
  event.stopPropagation();
  const { clientX, clientY, currentTarget: sheet } = event;
  const below = document.elementsFromPoint(clientX, clientY).find((element) => element !== sheet);
  setTimeout(() =>
    below?.dispatchEvent(new window.MouseEvent("contextmenu", { bubbles: true, cancelable: true, clientX, clientY })),
  );
}

const contentClass =
  "z-50 max-h-(--radix-dropdown-menu-content-available-height) max-w-80 min-w-48 overflow-y-auto rounded-xl border bg-surface p-1 text-[13px] text-ink shadow-float";
const itemClass =
  "flex h-8 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 outline-none select-none data-[highlighted]:bg-raised data-[state=open]:bg-raised [&_svg]:size-4 [&_svg]:shrink-0";

interface GroupsProps {
  groups: MenuGroups;
  onChoose: (action: (() => void) | undefined) => void;
}

function Groups({ groups, onChoose }: GroupsProps) {
  return groups
    .filter((items) => items.length > 0)
    .map((items, index) => (
      <Fragment key={items[0]?.label}>
        {index > 0 && <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />}
        {items.map((item) => (
          <Row key={item.label} item={item} onChoose={onChoose} />
        ))}
      </Fragment>
    ));
}

function Row({ item, onChoose }: { item: MenuItem; onChoose: GroupsProps["onChoose"] }) {
  if (item.items) return <Submenu item={item} items={item.items} onChoose={onChoose} />;
  const className = cn(itemClass, item.isDangerous && "text-danger data-[highlighted]:bg-danger-soft");
  const onSelect = () => onChoose(item.onChoose);
  if (item.isChecked !== undefined) {
    return (
      <DropdownMenu.CheckboxItem checked={item.isChecked} onSelect={onSelect} className={className}>
        <RowText item={item} />
        <Check aria-hidden className={cn("ml-auto", !item.isChecked && "invisible")} />
      </DropdownMenu.CheckboxItem>
    );
  }
  return (
    <DropdownMenu.Item onSelect={onSelect} className={className}>
      <RowText item={item} />
      {item.shortcut && <kbd className="ml-auto pl-4 font-sans text-xs text-ink-faint">{item.shortcut}</kbd>}
    </DropdownMenu.Item>
  );
}

function Submenu({ item, items, onChoose }: { item: MenuItem; items: MenuItem[]; onChoose: GroupsProps["onChoose"] }) {
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className={itemClass}>
        <RowText item={item} />
        <ChevronRight aria-hidden className="ml-auto text-ink-faint" />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent sideOffset={4} collisionPadding={8} className={contentClass}>
          <Groups groups={[items]} onChoose={onChoose} />
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}

function RowText({ item: { icon: Icon, label } }: { item: MenuItem }) {
  return (
    <>
      {Icon && <Icon aria-hidden className="text-ink-faint" />}
      <span className="min-w-0 truncate">{label}</span>
    </>
  );
}
