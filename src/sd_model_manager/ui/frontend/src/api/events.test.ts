import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createEventHandler, EventStream } from "@/api/events";
import type { ServerEvent } from "@/api/types";

/** Something that shows models, and the answers that it gets, each when it is let go. */
function watchModels() {
  const answers: ((value: string) => void)[] = [];
  const queryClient = new QueryClient();
  const ask = () => new Promise<string>((answer) => answers.push(answer));
  const shown = new QueryObserver(queryClient, { queryKey: ["models", "list"], queryFn: ask });
  shown.subscribe(() => undefined);
  const handle = createEventHandler(queryClient, { onEnd: () => undefined, onNewVersion: () => undefined });
  return { answers, handle, shown: () => shown.getCurrentResult().data };
}

const CHANGED: ServerEvent = { type: "models_changed", model_ids: [1] };

test("what was asked for before a change is asked for again", async () => {
  const { answers, handle, shown } = watchModels();
  handle(CHANGED);
  answers[0]?.("before");
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.("after");
  await vi.waitFor(() => expect(shown()).toBe("after"));
});

test("a change between the first answer and the first greeting is not missed", async () => {
  const { answers, handle, shown } = watchModels();
  answers[0]?.("before");
  await vi.waitFor(() => expect(shown()).toBe("before"));
  handle({ type: "hello", version: "1", models_changed_seconds_ago: 0 });
  await vi.waitFor(() => expect(answers).toHaveLength(2));
});

test.each([null, 1e6])("where nothing has changed meanwhile nothing is asked again (%s)", async (ago) => {
  const { answers, handle } = watchModels();
  answers[0]?.("before");
  handle({ type: "hello", version: "1", models_changed_seconds_ago: ago });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(answers).toHaveLength(1);
});

/** Sockets as a test lets them open and close. */
class HeldSocket {
  static readonly CLOSED = 3;
  static made: HeldSocket[] = [];
  readyState = 0;
  onopen = () => {};
  onclose: (() => void) | null = null;
  onmessage = () => {};

  constructor(readonly url: string) {
    HeldSocket.made.push(this);
  }

  /** As one of which the other end is gone: nothing comes of it for minutes. */
  close() {}

  lose() {
    this.readyState = HeldSocket.CLOSED;
    this.onclose?.();
  }
}

describe("the connection", () => {
  function connect() {
    HeldSocket.made = [];
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", HeldSocket);
    const onReturn = vi.fn();
    const stream = new EventStream("ws://here", () => {}, onReturn);
    stream.open();
    HeldSocket.made[0]?.onopen();
    return { stream, onReturn, sockets: HeldSocket.made };
  }

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test("is made anew after the machine has slept, though its socket knows of nothing", () => {
    const { stream, onReturn, sockets } = connect();
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(11_000);
    expect(sockets).toHaveLength(2);
    expect(stream.state).toBe("cut_off");
    sockets[1]?.onopen();
    expect([stream.state, onReturn.mock.calls.length]).toEqual(["open", 1]);
    stream.close();
  });

  test("does not wait when the network or the user is back, and is made once", () => {
    const { stream, sockets } = connect();
    for (let failure = 0; failure < 8; failure++) {
      sockets.at(-1)?.lose();
      vi.advanceTimersByTime(10_000);
    }
    sockets.at(-1)?.lose();
    const before = sockets.length;
    window.dispatchEvent(new Event("online"));
    document.dispatchEvent(new Event("visibilitychange"));
    expect(sockets).toHaveLength(before + 1);
    vi.advanceTimersByTime(20_000);
    expect(sockets).toHaveLength(before + 1);
    stream.close();
  });
});
