import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { activeTasksKey, followTask, putTask, type TaskList } from "@/api/tasks";
import { aTask } from "@/testing/examples";

test("an answer that is older than the end of its task does not bring it back", () => {
  const queryClient = new QueryClient();
  const listed = () => queryClient.getQueryData<TaskList>(activeTasksKey)?.items.map((task) => task.state);
  queryClient.setQueryData<TaskList>(activeTasksKey, { items: [], total: 0 });
  followTask(queryClient, activeTasksKey, aTask({ state: "running" }));
  followTask(queryClient, activeTasksKey, aTask({ state: "done" }));
  putTask(queryClient, activeTasksKey, aTask({ state: "queued" }));
  expect(listed()).toEqual([]);
  followTask(queryClient, activeTasksKey, aTask({ state: "queued" }));
  expect(listed()).toEqual(["queued"]);
});
