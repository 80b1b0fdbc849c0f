import { useState } from "react";

/** The value as it is now, or, while it is held, as it was before that. */
export function useHeld<Value>(value: Value, isHeld: boolean): Value {
  const [held, setHeld] = useState(value);
  if (!isHeld && value !== held) setHeld(value);
  return isHeld ? held : value;
}
