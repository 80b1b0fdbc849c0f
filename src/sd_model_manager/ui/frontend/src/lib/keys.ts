/** Whether a key was meant for a field, a menu or a dialog, or was answered already. */
export function isTaken(event: KeyboardEvent): boolean {
  return event.defaultPrevented || event.isComposing || isForElement(event.target);
}

function isForElement(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type)) {
    return target.closest("[role=menu], [role=dialog], [role=alertdialog]") !== null;
  }
  return (
    target.closest("input, textarea, select, [contenteditable], [role=menu], [role=dialog], [role=alertdialog]") !==
    null
  );
}
