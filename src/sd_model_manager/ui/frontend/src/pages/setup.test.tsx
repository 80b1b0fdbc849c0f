import { screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { describe, expect, test } from "vitest";
import { aFolder, aModel, anInstall, aSetting, aTask, someStatistics } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, refusal, server, tell } from "@/testing/server";

const key = aSetting({ key: "civitai_api_key", is_secret: true, is_set: false, value: null, default: null });
const match = aSetting({ key: "match_in_background", value: false, default: false });
const empty = aFolder({ is_locked: true, models: 0 });

/** Keeps what is asked to be added; paths in `refused` are not taken. */
function takeFolders(refused: Record<string, string> = {}): string[] {
  const added: string[] = [];
  server.use(
    http.post("*/api/folders", async ({ request }) => {
      const { path } = (await request.json()) as { path: string };
      const reason = refused[path];
      if (reason) return refusal(409, "FOLDER_OVERLAPS", reason);
      added.push(path);
      return answer(aFolder({ path }), 201);
    }),
  );
  return added;
}

describe("the setup guide", () => {
  test("an empty library leads to it, and after it was skipped only offers it", async () => {
    server.use(...libraryWith({ folders: [empty] }));
    const { user, address } = open("/");
    expect(await screen.findByRole("heading", { name: "Welcome. Let us find your models." })).toBeInTheDocument();
    expect(address()).toBe("/setup");
    await user.click(screen.getByRole("button", { name: "Skip the guide" }));
    expect(await screen.findByRole("heading", { name: "No models yet" })).toBeInTheDocument();
    expect(address()).toBe("/");
    await user.click(screen.getByRole("link", { name: "Open the setup guide" }));
    expect(await screen.findByRole("heading", { name: "Where do your models lie?" })).toBeInTheDocument();
  });

  test("leads from found folders over what may be looked up to the filled library", async () => {
    const more = { path: "/opt/ComfyUI/more", models: 0, is_exact: true, state: "new" } as const;
    const install = anInstall({ folders: [...anInstall().folders, more] });
    server.use(...libraryWith({ folders: [empty], settings: [key, match], installs: [install] }));
    const added = takeFolders();
    const { user } = open("/setup");
    expect(await screen.findByRole("checkbox", { name: /ComfyUI\/models/ })).toBeChecked();
    expect(screen.getByRole("checkbox", { name: /ComfyUI\/more/ })).not.toBeChecked();
    const models = [aModel({ id: 1 })];
    const type = [
      { value: "lora", count: 11, size_bytes: 1 },
      { value: "checkpoint", count: 3, size_bytes: 1 },
    ];
    server.use(...libraryWith({ models, settings: [key, match], statistics: someStatistics({ shares: { type } }) }));
    await user.click(screen.getByRole("button", { name: "Add what is ticked and go on" }));
    expect(await screen.findByRole("heading", { name: "What may be looked up?" })).toBeInTheDocument();
    expect(added).toEqual(["/opt/ComfyUI/models"]);
    expect(await screen.findByRole("switch", { name: "Look new models up by themselves" })).toBeInTheDocument();
    expect(screen.getByLabelText("Civitai API key")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Go on" }));
    expect(await screen.findByText("14 models in your library")).toBeInTheDocument();
    const found = within(screen.getByRole("list", { name: "Found so far" }));
    expect(found.getAllByRole("listitem").map((item) => item.textContent)).toEqual(["LoRA 11", "Checkpoint 3"]);
    expect(await screen.findByLabelText("Folder of ComfyUI")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Open the library" }));
    expect(await screen.findByText("Velvet Dreams 1")).toBeInTheDocument();
  });

  test("says which step it is at, and goes back", async () => {
    const { user } = open("/setup");
    const current = () => screen.getByRole("list", { name: "Steps" }).querySelector("[aria-current=step]");
    await user.click(await screen.findByRole("button", { name: "Go on" }));
    await waitFor(() => expect(current()).toHaveTextContent("2. Looking up"));
    expect(screen.getByRole("region", { name: "Step 2 of 3" })).toHaveFocus();
    await user.click(screen.getByRole("button", { name: "Back" }));
    expect(current()).toHaveTextContent("1. Folders");
  });

  test("a folder that is refused says why and keeps the step", async () => {
    server.use(...libraryWith({ folders: [empty], installs: [anInstall(), anInstall({ root: "/opt/b" })] }));
    const added = takeFolders({ "/opt/ComfyUI/models": "It overlaps another one." });
    const { user } = open("/setup");
    await user.click(await screen.findByRole("button", { name: "Add what is ticked and go on" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("It overlaps another one.");
    expect(added).toEqual(["/opt/b/models"]);
    expect(screen.getByRole("heading", { name: "Where do your models lie?" })).toBeInTheDocument();
  });

  test("folders that are in the library are ticked for good", async () => {
    const folders = (["library", "inside", "around"] as const).map((state) => ({
      path: `/opt/${state}`,
      models: 2,
      is_exact: false,
      state,
    }));
    server.use(...libraryWith({ installs: [anInstall({ folders })] }));
    open("/setup");
    const boxes = await screen.findAllByRole("checkbox");
    for (const box of boxes) expect(box).toBeDisabled();
    expect(boxes.map((box) => (box as HTMLInputElement).checked)).toEqual([true, true, false]);
    expect(screen.getAllByText("more than 2 model files")).toHaveLength(3);
  });

  test("where nothing is installed, it says so and looks again when asked to", async () => {
    const { user } = open("/setup");
    expect(await screen.findByText(/was found in the usual places/)).toBeInTheDocument();
    server.use(http.get("*/api/engines", () => answer({ installs: [anInstall()], is_complete: false })));
    await user.click(screen.getByRole("button", { name: "Look again" }));
    expect(await screen.findByRole("checkbox", { name: /ComfyUI\/models/ })).toBeInTheDocument();
    expect(screen.getByText("Not every place could be looked at in time.")).toBeInTheDocument();
  });

  test("counts while the scan goes on, and asks whether the folder is right when nothing was found", async () => {
    const scan = aTask({ done: 12, total: null });
    const none = someStatistics({ shares: { type: [] } });
    server.use(...libraryWith({ folders: [empty], tasks: [scan], statistics: none }));
    const { user } = open("/setup");
    await user.click(await screen.findByRole("button", { name: "Go on" }));
    await user.click(await screen.findByRole("button", { name: "Go on" }));
    expect(await screen.findByText("Scanning: 12 files so far")).toBeInTheDocument();
    tell({ type: "task", task: { ...scan, done: 340 } });
    expect(await screen.findByText("Scanning: 340 files so far")).toBeInTheDocument();
    tell({ type: "task", task: { ...scan, done: 340, state: "done" } });
    expect(await screen.findByText(/Is the folder the right one/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Scan again" })).toBeInTheDocument();
  });
});

describe("an empty library", () => {
  test("counts while it is scanned, and gives way to the first model", async () => {
    const scan = aTask({ done: 12, total: null });
    server.use(...libraryWith({ folders: [empty], tasks: [scan] }));
    const { address } = open("/");
    expect(await screen.findByText("Scanning: 12 files so far")).toBeInTheDocument();
    expect(address()).toBe("/");
    server.use(...libraryWith({ models: [aModel({ id: 1 })], tasks: [scan] }).slice(1));
    tell({ type: "models_changed", model_ids: [1] });
    expect(await screen.findByText("Velvet Dreams 1")).toBeInTheDocument();
  });

  test("that fills by itself takes the user back from a guide that was not touched", async () => {
    server.use(...libraryWith({ folders: [empty] }));
    open("/");
    expect(await screen.findByRole("heading", { name: "Welcome. Let us find your models." })).toBeInTheDocument();
    server.use(...libraryWith({ models: [aModel({ id: 1 })] }).slice(1));
    tell({ type: "models_changed", model_ids: [1] });
    expect(await screen.findByText("Velvet Dreams 1")).toBeInTheDocument();
  });

  test("does not send to and fro whoever waits long for the list of the first models", async () => {
    server.use(...libraryWith({ folders: [empty] }));
    open("/");
    expect(await screen.findByRole("heading", { name: "Welcome. Let us find your models." })).toBeInTheDocument();
    const filled = libraryWith({ models: [aModel({ id: 1 })] }).slice(1);
    const isList = (request: Request) => new URL(request.url).searchParams.get("limit") !== "1";
    const wait = http.get("*/api/models", async ({ request }) => {
      if (isList(request)) await delay(400);
    });
    server.use(wait, ...filled);
    tell({ type: "models_changed", model_ids: [1] });
    expect(await screen.findByText("Velvet Dreams 1", {}, { timeout: 5_000 })).toBeInTheDocument();
  });
});
