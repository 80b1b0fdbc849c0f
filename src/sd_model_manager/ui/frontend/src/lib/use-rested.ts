import { useEffect, useState } from "react";

/** The value that there has been for so long; the one before it until then. */
export function useRested<Value>(value: Value, milliseconds: number): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    if (value === rested) return;
    const timer = setTimeout(() => setRested(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, rested, milliseconds]);
  return rested;
}
