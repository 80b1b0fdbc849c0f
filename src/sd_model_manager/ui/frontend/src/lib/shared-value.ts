import { useSyncExternalStore } from "react";

/** A value that parts of the page share which know nothing of each other. */
export class SharedValue<Value> {
  readonly #listeners = new Set<() => void>();

  constructor(private value: Value) {}

  get = (): Value => this.value;

  set = (value: Value): void => {
    this.value = value;
    for (const listener of this.#listeners) listener();
  };

  use = (): Value => useSyncExternalStore(this.subscribe, this.get);

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
