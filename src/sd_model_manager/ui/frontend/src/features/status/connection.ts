import { createContext, useContext, useSyncExternalStore } from "react";
import type { ConnectionState, EventStream } from "@/api/events";

export const EventStreamContext = createContext<EventStream | null>(null);

/** Whether the page hears of changes right now. */
export function useConnectionState(): ConnectionState {
  const stream = useContext(EventStreamContext);
  if (!stream) throw new Error("useConnectionState needs an EventStreamContext above it.");
  return useSyncExternalStore(stream.subscribe, () => stream.state);
}
