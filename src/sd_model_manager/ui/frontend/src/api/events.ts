import type { QueryClient } from "@tanstack/react-query";
import { historyKey, queueKey } from "@/api/downloads";
import { searchesKey } from "@/api/searches";
import { activeTasksKey, endedTasksKey, followTask, isDownload, isFinal } from "@/api/tasks";
import type { Download, ServerEvent, Task } from "@/api/types";
import { refreshUpdates } from "@/api/update-count";
import { throttle } from "@/lib/throttle";

export type ConnectionState = "connecting" | "open" | "cut_off";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

const TICK_MS = 10_000;
/** A timer that is so late has slept with the machine; in a hidden tab it is late by a minute at most. */
const SLEPT_MS = 150_000;

/**
 * The one WebSocket of the page; it comes back by itself, waiting longer after every failure. After a sleep, of which a
 * socket may know nothing, another one is opened; a network or a user that is back is not kept waiting.
 */
export class EventStream {
  state: ConnectionState = "connecting";
  readonly #listeners = new Set<() => void>();
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #lastTick = 0;
  #failures = 0;

  constructor(
    readonly url: string,
    readonly onEvent: (event: ServerEvent) => void,
    readonly onReturn: () => void,
  ) {}

  open(): void {
    this.#lastTick = Date.now();
    this.#ticking = setInterval(this.#tick, TICK_MS);
    window.addEventListener("online", this.#hurry);
    document.addEventListener("visibilitychange", this.#hurry);
    this.#connect();
  }

  close(): void {
    clearInterval(this.#ticking);
    clearTimeout(this.#timer);
    window.removeEventListener("online", this.#hurry);
    document.removeEventListener("visibilitychange", this.#hurry);
    if (this.#socket) this.#socket.onclose = null;
    this.#socket?.close();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #connect = (): void => {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.onopen = () => {
      if (this.#failures > 0) this.onReturn();
      this.#failures = 0;
      this.#become("open");
    };
    socket.onmessage = (message) => this.onEvent(JSON.parse(String(message.data)) as ServerEvent);
    socket.onclose = this.#lose;
  };

  #lose = (): void => {
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#become("cut_off");
    this.#timer = setTimeout(this.#connect, wait);
  };

  #tick = (): void => {
    const hasSlept = Date.now() - this.#lastTick > SLEPT_MS;
    this.#lastTick = Date.now();
    if (!hasSlept || this.state !== "open" || !this.#socket) return;
    this.#socket.onclose = null; // a socket whose other end is gone would take minutes to close
    this.#socket.close();
    this.#lose();
  };

  #hurry = (): void => {
    if (!document.hidden && this.#socket?.readyState === WebSocket.CLOSED) this.#connect();
  };

  #become(state: ConnectionState): void {
    this.state = state;
    for (const listener of this.#listeners) listener();
  }
}

export function eventsUrl(location: Location): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/events`;
}

/** How often lists of models are asked for again while a scan keeps changing them. */
const MODELS_EVERY_MS = 2_000;

interface EventHandlers {
  /** A task that was seen going on has come to its end. */
  onEnd: (task: Task | Download) => void;
  /** The server is another version than the one this page came from. */
  onNewVersion: () => void;
}

/** Turns events into the state of the page. */
export function createEventHandler(queryClient: QueryClient, { onEnd, onNewVersion }: EventHandlers) {
  let version: string | undefined;
  const models = { queryKey: ["models"] };
  const refreshModels = throttle(async () => {
    const wasAsked = queryClient.isFetching(models) > 0;
    await queryClient.invalidateQueries(models, { cancelRefetch: false });
    // What was asked for before the change may tell of the time before it.
    if (wasAsked) await queryClient.invalidateQueries(models, { cancelRefetch: false });
  }, MODELS_EVERY_MS);
  /** Whatever may have been shown or hidden with the models. */
  const refreshWhatMayBeHidden = () => {
    for (const key of ["mature", "downloads", "tasks", "updates"])
      void queryClient.invalidateQueries({ queryKey: [key] });
  };
  const onTask = (task: Task | Download) => {
    const known = followTask(queryClient, isDownload(task) ? queueKey : activeTasksKey, task);
    if (!isFinal(task)) return;
    if (task.kind !== "hash") void queryClient.invalidateQueries({ queryKey: ["models"] });
    void queryClient.invalidateQueries({ queryKey: endedTasksKey });
    if (task.kind !== "hash" && task.kind !== "export") refreshUpdates(queryClient);
    if (isDownload(task)) void queryClient.invalidateQueries({ queryKey: historyKey });
    if (known) onEnd(task);
  };
  return (event: ServerEvent): void => {
    switch (event.type) {
      case "task":
        onTask(event.task);
        break;
      case "models_changed":
        refreshModels();
        if (event.model_ids.length === 0) refreshWhatMayBeHidden();
        break;
      case "folders_changed":
        void queryClient.invalidateQueries({ queryKey: ["folders"] });
        break;
      case "collections_changed":
        void queryClient.invalidateQueries({ queryKey: ["collections"] });
        refreshModels(); // what a search for a collection finds
        break;
      case "settings_changed":
        void queryClient.invalidateQueries({ queryKey: ["settings"] });
        break;
      case "searches_changed":
        void queryClient.invalidateQueries({ queryKey: searchesKey });
        break;
      case "hello":
        if (version === undefined && isWithinThisPage(event.models_changed_seconds_ago)) refreshModels();
        if (version !== undefined && version !== event.version) onNewVersion();
        version = event.version;
        break;
    }
  };
}

/** Whether it happened since the page was opened, so that what was fetched first may not know of it. */
function isWithinThisPage(secondsAgo: number | null): boolean {
  return secondsAgo !== null && secondsAgo * 1000 < performance.now();
}
