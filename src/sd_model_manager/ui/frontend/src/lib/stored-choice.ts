import { useSyncExternalStore } from "react";

/** One of a few values, kept in this browser; every component that uses it follows a change, also from other tabs. */
export class StoredChoice<Value extends string> {
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly key: string,
    readonly values: readonly Value[],
    readonly fallback: Value,
  ) {
    window.addEventListener("storage", (event) => event.key === key && this.#tell());
  }

  get = (): Value => {
    const stored = localStorage.getItem(this.key);
    return this.values.find((value) => value === stored) ?? this.fallback;
  };

  set = (value: Value): void => {
    localStorage.setItem(this.key, value);
    this.#tell();
  };

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  use = (): Value => useSyncExternalStore(this.subscribe, this.get);

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
