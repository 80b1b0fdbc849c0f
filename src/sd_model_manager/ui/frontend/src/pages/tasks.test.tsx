import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { aDownload, aTask } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, server, tell } from "@/testing/server";

const SCAN = "Scan of the library folders";

describe("tasks", () => {
  test("everything under way is listed with how far, how fast and how long", async () => {
    const hashing = aTask({ task_id: "hash1", kind: "hash", name: "", unit: "bytes", done: 2e9, total: 8e9 });
    const scan = aTask({ name: "", state: "queued" });
    server.use(
      ...libraryWith({ tasks: [scan, { ...hashing, per_second: 2e8, eta_seconds: 30 }], queue: [aDownload()] }),
    );
    open("/tasks");
    const rows = within(await screen.findByRole("list", { name: "Under way" })).getAllByRole("listitem");
    expect(rows[0]).toHaveTextContent("Computing of hashes");
    expect(rows[0]).toHaveTextContent("2 GB of 8 GB200 MB/s · 30 sec left");
    expect(rows[1]).toHaveTextContent("Velvet Ink");
    expect(rows[2]).toHaveTextContent(`${SCAN}50 of 200 filesWaiting`);
    expect(document.title).toBe("Tasks · SD Model Manager");
  });

  test("progress arrives live, and what ends moves below", async () => {
    const scan = aTask({ name: "" });
    server.use(...libraryWith({ tasks: [scan] }));
    open("/tasks");
    const bar = await screen.findByRole("progressbar", { name: `Progress of ${SCAN}` });
    tell({ type: "task", task: { ...scan, done: 150 } });
    await waitFor(() => expect(bar).toHaveAttribute("aria-valuenow", "75"));
    const done = { ...scan, state: "done" as const, done: 200, finished_at: "2026-05-01T12:05:00Z" };
    server.use(...libraryWith({ tasks: [done] }).slice(1));
    tell({ type: "task", task: done });
    expect(await screen.findByText("Nothing goes on right now")).toBeInTheDocument();
    const ended = within(await screen.findByRole("list", { name: "Ended" }));
    expect(ended.getByRole("img", { name: "Done" })).toBeInTheDocument();
    expect(ended.getByText("200 files")).toBeInTheDocument();
  });

  test("a task can be paused and cancelled, and a download is cancelled only after a question", async () => {
    const commands: string[] = [];
    server.use(
      ...libraryWith({ tasks: [aTask({ name: "" })], queue: [aDownload()] }),
      http.post("*/api/tasks/:id/:command", ({ params }) => {
        commands.push(`${params.command} ${params.id}`);
        if (params.id === "download1") return answer(aDownload({ state: "cancelled" }));
        return answer(aTask({ name: "", state: params.command === "pause" ? "paused" : "cancelled" }));
      }),
    );
    const { user } = open("/tasks");
    await user.click(await screen.findByRole("button", { name: `Pause ${SCAN}` }));
    expect(await screen.findByRole("button", { name: `Resume ${SCAN}` })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: `Cancel ${SCAN}` }));
    await user.click(screen.getByRole("button", { name: "Cancel Velvet Ink" }));
    expect(commands).toEqual(["pause scan1", "cancel scan1"]);
    await user.click(screen.getByRole("button", { name: "Cancel the download" }));
    await waitFor(() => expect(commands.at(-1)).toBe("cancel download1"));
  });

  test("a look-up counts models, and says what came of it", async () => {
    const lookUp = aTask({ task_id: "look", kind: "enrich", name: "", done: 3, total: 9 });
    const ended = {
      ...lookUp,
      task_id: "ended",
      state: "done" as const,
      done: 5,
      outcomes: { matched: 3, not_found: 2 },
    };
    server.use(...libraryWith({ tasks: [lookUp, ended] }));
    open("/tasks");
    expect(await screen.findByText("3 of 9 models")).toBeInTheDocument();
    const list = await screen.findByRole("list", { name: "Ended" });
    expect(list).toHaveTextContent("5 models3 found, 2 not known");
  });

  test("a failure says what to do, and can be tried again", async () => {
    const failed = aTask({ name: "", state: "failed", error: "The drive is full. Make room and try again." });
    server.use(
      ...libraryWith({ tasks: [failed] }),
      http.post("*/api/tasks/scan1/retry", () => answer({ ...failed, state: "queued", error: null })),
    );
    const { user } = open("/tasks");
    expect(await screen.findByText("The drive is full. Make room and try again.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: `Retry ${SCAN}` }));
    expect(await screen.findByRole("progressbar", { name: `Progress of ${SCAN}` })).toBeInTheDocument();
  });
});

describe("getting about", () => {
  test("every place is a link, the one that is open is said to be, and running work is counted", async () => {
    server.use(...libraryWith({ tasks: [aTask()], queue: [aDownload()] }));
    const { user, address } = open("/tasks");
    const [bar] = await screen.findAllByRole("navigation", { name: "Main" });
    const links = within(bar as HTMLElement).getAllByRole("link");
    await waitFor(() =>
      expect(links.map((link) => link.textContent)).toEqual([
        "Library",
        "Discover",
        "Downloads1",
        "Insights",
        "Updates",
        "Duplicates",
        "Health",
        "Tasks1",
        "Settings",
      ]),
    );
    expect(links.filter((link) => link.ariaCurrent === "page" || link.getAttribute("aria-current"))).toEqual([
      links[7],
    ]);
    await user.click(links[6] as HTMLElement);
    await waitFor(() => expect(address()).toBe("/health"));
  });

  test("where there is little room, the further places open from a button and close by Escape", async () => {
    const { user, address } = open("/tasks");
    const [more] = await screen.findAllByRole("button", { name: "More" });
    await user.click(more as HTMLElement);
    expect(more).toHaveAttribute("aria-expanded", "true");
    await user.keyboard("{Escape}");
    expect(more).toHaveAttribute("aria-expanded", "false");
    expect(more).toHaveFocus();
    await user.keyboard("{Enter}{Tab}{Enter}");
    await waitFor(() => expect(address()).toBe("/insights"));
    expect(more).toHaveAttribute("aria-expanded", "false");
  });
});
