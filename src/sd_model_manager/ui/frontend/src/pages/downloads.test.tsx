import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { aDownload, aModel, aModelDetail, anOffer } from "@/testing/examples";
import { message, open } from "@/testing/open";
import { answer, cutOff, howManyListen, libraryWith, refusal, server, tell } from "@/testing/server";

const LINK = "https://civitai.com/models/1001";

function offering(offer = anOffer()) {
  const asked: unknown[] = [];
  server.use(
    http.post("*/api/download/inspect", () => answer(offer)),
    http.post("*/api/download", async ({ request }) => {
      asked.push(await request.json());
      const download = aDownload({ state: "queued" });
      return answer({ ...download, tasks: [download], refused: [] }, 202);
    }),
  );
  return asked;
}

describe("downloads", () => {
  test("what a pasted link is stands there before anything is fetched", async () => {
    const asked = offering(
      anOffer({ warnings: [{ code: "PICKLE", message: "This format can carry code.", details: {} }] }),
    );
    const { user } = open("/downloads");
    await user.click(await screen.findByLabelText("Paste links to models"));
    await user.paste(LINK);
    expect(await screen.findByRole("heading", { name: "Velvet Ink" })).toBeInTheDocument();
    expect(screen.getByText("/models/loras/velvetInk.safetensors")).toBeInTheDocument();
    expect(screen.getByText("This format can carry code.")).toBeInTheDocument();
    expect(asked).toEqual([]);
  });

  test("another file than the proposed one can be chosen", async () => {
    const asked = offering();
    const { user } = open("/downloads");
    await user.type(await screen.findByLabelText("Paste links to models"), LINK);
    await user.click(screen.getByRole("button", { name: "Look up the links" }));
    await user.click(await screen.findByRole("button", { name: "1 other file" }));
    await user.click(screen.getByRole("radio", { name: /velvetInk_full/ }));
    await user.click(screen.getByRole("button", { name: "Download 456 MB" }));
    await waitFor(() => expect(asked).toEqual([{ url: LINK, file_id: "12", category: "active", position: "last" }]));
    expect(await screen.findByRole("progressbar", { name: "Progress of Velvet Ink" })).toBeInTheDocument();
    expect(screen.queryByRole("heading", { name: "Velvet Ink" })).not.toBeInTheDocument();
  });

  test("what its header, its terms and its rating say of a file stands there, too", async () => {
    const identity = {
      ...aModelDetail().identity,
      type: "lora" as const,
      base_model: "SDXL 1.0",
      network: "lora",
      rank: 32,
      precision: "fp16",
    };
    offering(
      anOffer({
        identity,
        licence: "credit required; no commercial use",
        nsfw_level: 5,
        available_from: "2999-05-03T12:00:00Z",
        on_disk: aModel({ id: 7, category: "archive" }),
      }),
    );
    const { user } = open("/downloads");
    await user.click(await screen.findByLabelText("Paste links to models"));
    await user.paste(LINK);
    expect(await screen.findByText("LoRA · SDXL 1.0 · rank 32 · fp16")).toBeInTheDocument();
    expect(screen.getByText("credit required; no commercial use")).toBeInTheDocument();
    expect(screen.getByText("Rated R")).toBeInTheDocument();
    expect(screen.getByText(/^Early access until May 3, 2999/)).toBeInTheDocument();
    expect(screen.getByText("Already in your archive")).toBeInTheDocument();
  });

  test("room is counted with all that is queued", async () => {
    offering(anOffer({ free_bytes: 1_000_000_000, needed_bytes: 7_000_000_000 }));
    const { user } = open("/downloads");
    await user.click(await screen.findByLabelText("Paste links to models"));
    await user.paste(LINK);
    expect(await screen.findByText("1 GB free, 7 GB needed with all that is queued")).toBeInTheDocument();
  });

  test("a file that is chosen instead is looked at anew", async () => {
    const looked: unknown[] = [];
    offering();
    server.use(
      http.post("*/api/download/inspect", async ({ request }) => {
        const { file_id } = (await request.json()) as { file_id: string | null };
        looked.push(file_id);
        const warnings =
          file_id === "12" ? [{ code: "PICKLE", message: "This format can carry code.", details: {} }] : [];
        return answer(anOffer({ warnings }));
      }),
    );
    const { user } = open("/downloads");
    await user.click(await screen.findByLabelText("Paste links to models"));
    await user.paste(LINK);
    await user.click(await screen.findByRole("button", { name: "1 other file" }));
    await user.click(screen.getByRole("radio", { name: /velvetInk_full/ }));
    expect(await screen.findByText("This format can carry code.")).toBeInTheDocument();
    expect(screen.getByRole("radio", { name: /velvetInk_full/ })).toBeChecked();
    expect(looked).toEqual([null, "12"]);
  });

  test("what goes with a file can be fetched with it", async () => {
    const { files } = anOffer();
    const vae = { file_id: "13", name: "ink.vae.safetensors", kind: "VAE", size_bytes: 100_000_000 };
    const companions = files.slice(0, 1).map((file) => ({ ...file, ...vae, is_chosen: false, is_companion: true }));
    const asked = offering(anOffer({ files: [...files, ...companions] }));
    const { user } = open("/downloads");
    await user.click(await screen.findByLabelText("Paste links to models"));
    await user.paste(LINK);
    await user.click(await screen.findByRole("checkbox", { name: /ink\.vae/ }));
    await user.click(screen.getByRole("button", { name: "Download 328 MB" }));
    await waitFor(() =>
      expect(asked).toEqual([{ url: LINK, file_ids: ["11", "13"], category: "active", position: "last" }]),
    );
  });

  test("another folder and another name can be chosen, and are planned anew", async () => {
    const asked = offering();
    const planned: unknown[] = [];
    server.use(
      http.post("*/api/download/inspect", async ({ request }) => {
        const { folder, filename } = (await request.json()) as { folder?: string; filename?: string };
        planned.push([folder, filename]);
        if (folder === "../away") return refusal(400, "BAD_INPUT", "The folder lies outside the library.");
        return answer(anOffer(folder ? { path: `/models/${folder}/${filename ?? "velvetInk.safetensors"}` } : {}));
      }),
    );
    const { user } = open("/downloads");
    await user.click(await screen.findByLabelText("Paste links to models"));
    await user.paste(LINK);
    await user.click(await screen.findByRole("button", { name: "Choose where it goes" }));
    const folder = screen.getByLabelText("Folder");
    expect(folder).toHaveValue("/models/loras");
    await user.clear(folder);
    await user.type(folder, "../away{Enter}");
    expect(await screen.findByText("The folder lies outside the library.")).toBeInTheDocument();
    await user.clear(folder);
    await user.type(folder, "loras/ink{Enter}");
    expect(await screen.findByText("/models/loras/ink/velvetInk.safetensors")).toBeInTheDocument();
    await user.clear(screen.getByLabelText("File name"));
    await user.type(screen.getByLabelText("File name"), "ink v2.safetensors{Enter}");
    expect(await screen.findByText("/models/loras/ink/ink v2.safetensors")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Download 228 MB" }));
    const place = { folder: "loras/ink", filename: "ink v2.safetensors" };
    await waitFor(() =>
      expect(asked).toEqual([{ url: LINK, file_id: null, ...place, category: "active", position: "last" }]),
    );
    expect(planned).toContainEqual(["loras/ink", undefined]);
  });

  test("what was chosen of each link holds where all are downloaded at once", async () => {
    const asked = offering();
    const { user } = open("/downloads");
    await user.click(await screen.findByLabelText("Paste links to models"));
    await user.paste(`${LINK} https://civitai.com/models/1002`);
    const [first] = await screen.findAllByRole("button", { name: "1 other file" });
    if (first) await user.click(first);
    await user.click(screen.getByRole("radio", { name: /velvetInk_full/ }));
    await user.click(screen.getByRole("button", { name: "Download all that are new" }));
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked).toContainEqual(expect.objectContaining({ url: LINK, file_id: "12" }));
    expect(asked).toContainEqual(expect.objectContaining({ url: "https://civitai.com/models/1002", file_id: null }));
  });

  test("links pasted on any page are taken to the downloads", async () => {
    offering();
    const { user, address } = open("/settings");
    await screen.findByRole("heading", { name: "Settings" });
    await user.paste(`${LINK}\nurn:air:sdxl:lora:civitai:1001@9001`);
    await waitFor(() => expect(screen.getAllByRole("heading", { name: "Velvet Ink" })).toHaveLength(2));
    expect(address()).toBe("/downloads");
  });

  test("other text pasted on a page is left alone", async () => {
    const { user, address } = open("/settings");
    await screen.findByRole("heading", { name: "Settings" });
    await user.paste("masterpiece, 1girl, see https://example.com");
    expect(address()).toBe("/settings");
  });

  test("a link that cannot be resolved says why and can be tried again", async () => {
    server.use(
      http.post("*/api/download/inspect", () => refusal(404, "SOURCE_GONE", "Its creator removed it."), { once: true }),
    );
    const { user } = open("/downloads");
    await user.click(await screen.findByLabelText("Paste links to models"));
    await user.paste(LINK);
    expect(await screen.findByRole("alert")).toHaveTextContent("Its creator removed it.");
    offering();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: "Velvet Ink" })).toBeInTheDocument();
  });

  test("what is in the library already is not fetched twice", async () => {
    offering();
    server.use(
      http.post("*/api/download", () =>
        refusal(409, "FILE_EXISTS", "It is in your library.", { model: aModel({ id: 7 }) }),
      ),
    );
    const { user } = open("/downloads");
    await user.click(await screen.findByLabelText("Paste links to models"));
    await user.paste(LINK);
    await user.click(await screen.findByRole("button", { name: "Download 228 MB" }));
    expect(await screen.findByText("It is in your library.")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Show it" })).toBeInTheDocument();
  });

  test("progress is followed live, and an end moves a download into the history", async () => {
    server.use(...libraryWith({ queue: [aDownload()] }));
    open("/downloads");
    const bar = await screen.findByRole("progressbar", { name: "Progress of Velvet Ink" });
    expect(bar).toHaveAttribute("aria-valuenow", "25");
    tell({ type: "task", task: aDownload({ bytes_done: 171_000_000 }) });
    await waitFor(() => expect(bar).toHaveAttribute("aria-valuenow", "75"));

    const done = aDownload({ state: "done", model_id: 5, finished_at: "2026-05-01T12:05:00Z" });
    server.use(...libraryWith({ history: [done] }).slice(1));
    tell({ type: "task", task: done });
    const history = await screen.findByRole("list", { name: "History" });
    expect(within(history).getByRole("link", { name: "Velvet Ink" })).toHaveAttribute("href", "/models/5");
    expect(await screen.findByText("In your library: Velvet Ink")).toBeInTheDocument();
  });

  test("of many that end within seconds one message tells", async () => {
    const queue = Array.from({ length: 12 }, (_, number) => aDownload({ task_id: `download ${number}` }));
    server.use(...libraryWith({ queue }));
    const { user, address } = open("/downloads");
    await waitFor(() =>
      expect(screen.getAllByRole("progressbar", { name: "Progress of Velvet Ink" })).toHaveLength(12),
    );
    await user.click(screen.getAllByRole("link", { name: "Discover" })[0] as HTMLElement);
    await waitFor(() => expect(address()).toBe("/discover"));
    for (const task of queue) tell({ type: "task", task: { ...task, state: "done", model_id: 5 } });
    const said = await message(/downloads are in your library/);
    await screen.findByText(/^1[2-9] downloads are in your library$/);
    expect(screen.queryByText("In your library: Velvet Ink")).toBeNull();
    await user.click(said.getByRole("button", { name: "Show them" }));
    expect(address()).toBe("/downloads");
  });

  test("a download can be paused, and cancelling asks first", async () => {
    const commands: string[] = [];
    server.use(
      ...libraryWith({ queue: [aDownload()] }),
      http.post("*/api/download/download1/:command", ({ params }) => {
        commands.push(String(params.command));
        return answer(aDownload({ state: params.command === "pause" ? "paused" : "cancelled" }));
      }),
    );
    const { user } = open("/downloads");
    await user.click(await screen.findByRole("button", { name: "Pause Velvet Ink" }));
    await user.click(await screen.findByRole("button", { name: "Cancel Velvet Ink" }));
    expect(commands).toEqual(["pause"]);
    await user.click(screen.getByRole("button", { name: "Cancel the download" }));
    await waitFor(() => expect(commands).toEqual(["pause", "cancel"]));
  });

  test("what is put off says why, and when it goes on", async () => {
    const waits = { waits_because: "Civitai asks for a pause.", waits_until: "2999-05-01T12:00:00Z" };
    server.use(...libraryWith({ queue: [aDownload({ state: "queued", ...waits })] }));
    open("/downloads");
    expect(await screen.findByText(/Civitai asks for a pause. Goes on by itself: May 1, 2999/)).toBeInTheDocument();
  });

  test("a failure shows its reason and can be retried", async () => {
    const failed = aDownload({ state: "failed", error: "Add your key under Settings." });
    server.use(
      ...libraryWith({ history: [failed] }),
      http.post("*/api/download/download1/retry", () => answer(aDownload({ state: "queued", bytes_done: 0 }))),
    );
    const { user } = open("/downloads");
    expect(await screen.findByText("Add your key under Settings.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Retry Velvet Ink" }));
    expect(await screen.findByRole("progressbar")).toBeInTheDocument();
  });
});

describe("the queue and the history as a whole", () => {
  test("a server that refuses both is complained of once, and one button asks for both again", async () => {
    let isLocked = true;
    server.use(
      http.get("*/api/download", () =>
        isLocked ? refusal(500, "DATABASE_LOCKED", "Close the other program.") : undefined,
      ),
    );
    const { user } = open("/downloads");
    expect(await screen.findByText("Close the other program.")).toBeInTheDocument();
    isLocked = false;
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Nothing downloaded yet")).toBeInTheDocument();
  });

  const two = [
    aDownload({ task_id: "a", name: "Ink", state: "running" }),
    aDownload({ task_id: "b", name: "Wash", state: "queued" }),
    aDownload({ task_id: "c", name: "Neon", state: "queued" }),
  ];

  test("all downloads can be paused, and resumed once they rest", async () => {
    const asked: string[] = [];
    const command = (name: string, queue: ReturnType<typeof aDownload>[]) =>
      http.post(`*/api/download/${name}`, () => {
        asked.push(name);
        server.use(...libraryWith({ queue }).slice(1));
        return answer({ changed: queue, refused: [] });
      });
    const paused = two.map((download) => ({ ...download, state: "paused" as const }));
    server.use(...libraryWith({ queue: two }), command("pause-all", paused), command("resume-all", two));
    const { user } = open("/downloads");
    await user.click(await screen.findByRole("button", { name: "Pause all" }));
    await user.click(await screen.findByRole("button", { name: "Resume all" }));
    expect(await screen.findByRole("button", { name: "Pause all" })).toBeInTheDocument();
    expect(asked).toEqual(["pause-all", "resume-all"]);
  });

  test("what waits can change its place, and what runs cannot", async () => {
    const moves: unknown[] = [];
    server.use(
      ...libraryWith({ queue: two }),
      http.post("*/api/download/:id/move", async ({ request, params }) => {
        moves.push([params.id, await request.json()]);
        return answer(two[1]);
      }),
    );
    const { user } = open("/downloads");
    await user.click(await screen.findByRole("button", { name: "Fetch Neon first" }));
    await user.click(screen.getByRole("button", { name: "Move Neon up" }));
    await user.click(screen.getByRole("button", { name: "Move Wash down" }));
    await waitFor(() =>
      expect(moves).toEqual([
        ["c", { to: "first" }],
        ["c", { before: "b" }],
        ["b", { before: null }],
      ]),
    );
    for (const name of ["Move Ink down", "Move Wash up", "Move Neon down"]) {
      expect(screen.queryByRole("button", { name })).not.toBeInTheDocument();
    }
  });

  test("a limit of the speed and a disk that is too full are told of", async () => {
    const room = { path: "/models", free_bytes: 1e9, needed_bytes: 7e9 };
    server.use(
      http.get("*/api/download/limits", () =>
        answer({
          bytes_per_second: 2e6,
          is_scheduled: false,
          downloads_at_once: 3,
          downloads_per_host: 2,
          rooms: [room],
        }),
      ),
      ...libraryWith({ queue: two }),
    );
    open("/downloads");
    expect(await screen.findByText("Limited to 2 MB/s")).toBeInTheDocument();
    expect(screen.getByRole("alert")).toHaveTextContent("/models has 1 GB free, and the queue still needs 7 GB.");
  });

  test("how much is left of all is told, and the limit of the speed is a click away", async () => {
    const [first, second] = [
      aDownload({ task_id: "a", bytes_done: 20e6, bytes_total: 100e6, per_second: 2e6 }),
      aDownload({ task_id: "b", state: "queued", bytes_done: 0, bytes_total: 40e6, per_second: 0 }),
    ];
    server.use(...libraryWith({ queue: [first, second] }));
    open("/downloads");
    expect(await screen.findByText("120 MB left, about 1 min")).toBeInTheDocument();
    const limit = await screen.findByRole("link", { name: "No limit of the speed" });
    expect(limit).toHaveAttribute("href", "/settings#downloads");
  });

  test("the history can be searched, and cleared after a question", async () => {
    let isCleared = false;
    const asked: (string | null)[] = [];
    const done = aDownload({ state: "done", name: "Velvet Ink" });
    server.use(
      http.get("*/api/download", ({ request }) => {
        const params = new URL(request.url).searchParams;
        if (!params.getAll("state").includes("done")) return answer({ items: [], total: 0, next_cursor: null });
        asked.push(params.get("q"));
        const items = params.get("q") === "neon" || isCleared ? [] : [done];
        return answer({ items, total: items.length, next_cursor: null });
      }),
      http.post("*/api/download/clear", () => {
        isCleared = true;
        return answer({ removed: 1 });
      }),
    );
    const { user } = open("/downloads");
    const field = await screen.findByRole("searchbox", { name: "Search the history" });
    await user.type(field, "neon");
    expect(await screen.findByText("No download in the history matches.")).toBeInTheDocument();
    expect(asked.at(-1)).toBe("neon");
    await user.clear(field);
    await screen.findByRole("list", { name: "History" });
    await user.click(screen.getByRole("button", { name: "Clear" }));
    expect(isCleared).toBe(false);
    await user.click(screen.getByRole("button", { name: "Clear the history" }));
    expect(await screen.findByText("Nothing downloaded yet")).toBeInTheDocument();
  });

  test("all that failed is tried again at once, and what was fetched can be fetched again", async () => {
    const asked: string[] = [];
    const history = [
      aDownload({ task_id: "x", name: "Wash", state: "failed", error: "The disk is full." }),
      aDownload({ task_id: "y", name: "Ink", state: "done" }),
    ];
    server.use(
      ...libraryWith({ history }),
      http.post("*/api/download/retry-all", () => {
        asked.push("retry-all");
        return answer({ changed: [], refused: [{ task_id: "x", code: "NO_SPACE", error: "It is still full." }] });
      }),
      http.post("*/api/download/:id/again", ({ params }) => {
        asked.push(`again ${params.id}`);
        return answer(aDownload({ task_id: "z", name: "Ink", state: "queued" }), 202);
      }),
    );
    const { user } = open("/downloads");
    await user.click(await screen.findByRole("button", { name: "Retry all that failed" }));
    expect(await screen.findByText("It is still full.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Download Ink again" }));
    expect(await screen.findByRole("progressbar", { name: "Progress of Ink" })).toBeInTheDocument();
    expect(asked).toEqual(["retry-all", "again y"]);
  });
});

test("a page that is cut off says so, comes back by itself and asks for what it missed", async () => {
  server.use(...libraryWith({ queue: [aDownload()] }));
  open("/downloads");
  const bar = await screen.findByRole("progressbar");
  await waitFor(() => expect(howManyListen()).toBe(1));
  server.use(...libraryWith({ queue: [aDownload({ bytes_done: 228_000_000 })] }).slice(1));
  cutOff();
  expect(await screen.findByText("Cut off, reconnecting")).toBeInTheDocument();
  await waitFor(() => expect(bar).toHaveAttribute("aria-valuenow", "100"), { timeout: 3000 });
  expect(screen.queryByText("Cut off, reconnecting")).not.toBeInTheDocument();
});
