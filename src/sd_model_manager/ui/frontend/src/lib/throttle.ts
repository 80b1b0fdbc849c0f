/** Runs `action` at once, then at most every `milliseconds` while calls keep coming; the last call is never lost. */
export function throttle(action: () => void, milliseconds: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAskedAgain = false;
  const run = () => {
    action();
    timer = setTimeout(() => {
      timer = undefined;
      if (isAskedAgain) {
        isAskedAgain = false;
        run();
      }
    }, milliseconds);
  };
  return () => {
    if (timer === undefined) run();
    else isAskedAgain = true;
  };
}
