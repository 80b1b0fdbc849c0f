import { useAskSource } from "@/api/look-ups";
import { useActiveTasks } from "@/api/tasks";

/** Asks a source for models by their hashes, and tells what came of it. `running` is that look-up while it goes on. */
export function useLookUp() {
  const {
    mutate: lookUp,
    data,
    isPending,
  } = useAskSource((task) => {
    void import("@/components/look-up/news").then(({ expect }) => expect(task));
  });
  const running = useActiveTasks().data?.items.find((task) => task.task_id === data?.task_id);
  return { lookUp, running, isBusy: isPending || (running !== undefined && !running.waits_because) };
}
