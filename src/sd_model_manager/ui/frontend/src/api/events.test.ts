import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { createEventHandler } from "@/api/events";
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
