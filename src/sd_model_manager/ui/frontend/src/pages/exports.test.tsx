import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import type { ExportedFile, ExportReport } from "@/api/exports";
import type { Task } from "@/api/types";
import { aModel, aModelDetail, aSetting, aTask } from "@/testing/examples";
import { message, open } from "@/testing/open";
import { answer, libraryWith, refusal, server, tell } from "@/testing/server";

const kept = aSetting({
  key: "sidecar_export",
  value: ["user_metadata"],
  default: [],
  choices: ["lora_manager", "user_metadata"],
});

function aFile(part: Partial<ExportedFile> = {}): ExportedFile {
  return {
    path: "/models/loras/ink.json",
    model_path: "/models/loras/ink.safetensors",
    outcome: "written",
    model_id: 1,
    format: "user_metadata",
    code: null,
    reason: null,
    ...part,
  };
}

function aReport(part: Partial<ExportReport> = {}): ExportReport {
  return { task: null, written: 1, unchanged: 0, refused: 0, items: [aFile()], ...part };
}

const refused = aFile({
  path: "C:\\models\\tea.metadata.json",
  outcome: "refused",
  code: "NOT_ENOUGH_KNOWN",
  reason: "The tool needs the file's SHA-256.",
});

let number = 0;

/** A server that writes what is planned. `end` ends the task with what came of it. */
function exporting(plan: ExportReport, library: Parameters<typeof libraryWith>[0] = {}) {
  const asked: unknown[] = [];
  const undone: unknown[] = [];
  number += 1;
  const reports = new Map<string, ExportReport>();
  const start = (task_id: string) => {
    const task = aTask({ task_id, kind: "export", name: "", done: 0, total: null });
    reports.set(task_id, aReport({ task, written: 0, items: [] }));
    return answer(reports.get(task_id), 202);
  };
  const id = `export-${number}`;
  server.use(
    ...libraryWith({ models: [aModel({ id: 1 }), aModel({ id: 2 })], settings: [kept], ...library }),
    http.post("*/api/models/export", async ({ request }) => {
      const { dry_run, ...body } = (await request.json()) as { dry_run: boolean };
      asked.push(dry_run ? { plan: body } : { write: body });
      return dry_run ? answer(plan) : start(id);
    }),
    http.get("*/api/models/export/:id", ({ params }) => answer(reports.get(String(params.id)))),
    http.post("*/api/models/export/:id/undo", ({ params }) => {
      undone.push(params.id);
      return start(`undo-${number}`);
    }),
  );
  const end = (task_id: string, part: Partial<ExportReport>, state: Task["state"] = "done") => {
    const outcomes: Record<string, number> =
      task_id === id ? { written: part.written ?? 0 } : { restored: part.written ?? 0 };
    const task = aTask({ task_id, kind: "export", name: "", state, outcomes });
    reports.set(task_id, aReport({ task, items: [], written: 0, ...part }));
    tell({ type: "task", task });
  };
  return { asked, undone, end, id, undoId: `undo-${number}` };
}

const dialog = async () => within(await screen.findByRole("dialog", { name: "Write to other tools’ files" }));

describe("writing other tools' files", () => {
  test("shows what would be written, and writes nothing without the click", async () => {
    const plan = aReport({ written: 3, unchanged: 2, refused: 1, items: [aFile(), refused] });
    const { asked } = exporting(plan);
    const { user } = open("/settings");
    await user.click(await screen.findByRole("button", { name: "Write to other tools’ files…" }));
    const asking = await dialog();
    expect(asking.getByRole("checkbox", { name: /A1111, Forge/ })).toBeChecked();
    await user.click(asking.getByRole("checkbox", { name: /LoRA Manager.*model\.metadata\.json/ }));
    await user.click(asking.getByRole("button", { name: "Show what would be written" }));
    expect(await asking.findByText("3 files would be written")).toBeInTheDocument();
    expect(asking.getByText("ink.json")).toBeInTheDocument();
    expect(asking.getByText("/models/loras")).toBeInTheDocument();
    expect(asking.getByText("and 2 more")).toBeInTheDocument();
    expect(asking.getByText("1 would be left as it is")).toBeInTheDocument();
    expect(asking.getByText("tea.metadata.json")).toBeInTheDocument();
    expect(asking.getByText("The tool needs the file's SHA-256.")).toBeInTheDocument();
    expect(asking.getByText("2 say it all already.")).toBeInTheDocument();
    await user.click(asking.getByRole("button", { name: "Cancel" }));
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    const everything = { q: "", types: [], base_models: [], tags: [], category: null, folder: null };
    const formats = ["lora_manager", "user_metadata"];
    expect(asked).toEqual([{ plan: { q: "", wanted: everything, formats } }]);
  });

  test("another choice of programs has to be looked at again", async () => {
    exporting(aReport());
    const { user } = open("/settings");
    await user.click(await screen.findByRole("button", { name: "Write to other tools’ files…" }));
    const asking = await dialog();
    await user.click(asking.getByRole("button", { name: "Show what would be written" }));
    expect(await asking.findByRole("button", { name: "Write 1 file" })).toBeEnabled();
    await user.click(asking.getByRole("checkbox", { name: /A1111, Forge/ }));
    expect(asking.queryByRole("button", { name: "Write 1 file" })).not.toBeInTheDocument();
    expect(asking.getByRole("button", { name: "Show what would be written" })).toBeDisabled();
  });

  test("writes for those that are selected, tells what came of it, and takes it back", async () => {
    const { asked, undone, end, id, undoId } = exporting(aReport({ written: 2 }));
    const { user } = open("/");
    await user.click(await screen.findByRole("checkbox", { name: "Select Velvet Dreams 1" }));
    await user.click(await screen.findByRole("checkbox", { name: "Select Velvet Dreams 2" }));
    await user.click(await screen.findByRole("button", { name: "Write files…" }));
    const asking = await dialog();
    expect(asking.getByText(/For 2 models\./)).toBeInTheDocument();
    await user.click(asking.getByRole("button", { name: "Show what would be written" }));
    await user.click(await asking.findByRole("button", { name: "Write 2 files" }));
    expect(await asking.findByRole("progressbar", { name: "Progress of the writing" })).toBeInTheDocument();
    const body = { q: "", model_ids: [1, 2], formats: ["user_metadata"] };
    expect(asked).toEqual([{ plan: body }, { write: body }]);

    end(id, { written: 1, refused: 1, items: [refused] });
    const told = await message("1 file written, 1 left as it is");
    expect(told.getByText("tea.metadata.json: The tool needs the file's SHA-256.")).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await user.click(told.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(undone).toEqual([id]));
    end(undoId, { written: 1 });
    const back = await message("1 file put back");
    expect(back.queryByRole("button", { name: "Undo" })).not.toBeInTheDocument();
  });

  test("one by its menu, whose result is told after the dialog was closed", async () => {
    const { asked, end, id } = exporting(aReport());
    const { user } = open("/");
    await user.pointer({ keys: "[MouseRight]", target: await screen.findByText("Velvet Dreams 2") });
    await user.click(await screen.findByRole("menuitem", { name: "Write to other tools’ files…" }));
    const asking = await dialog();
    await user.click(asking.getByRole("button", { name: "Show what would be written" }));
    await user.click(await asking.findByRole("button", { name: "Write 1 file" }));
    await user.click(await asking.findByRole("button", { name: "Close" }));
    expect(asked).toHaveLength(2);
    end(id, { written: 7 }, "cancelled");
    expect(await message("Stopped: 7 files written")).toBeTruthy();
  });

  test("says where there is nothing to write, or why it cannot be looked at", async () => {
    exporting(aReport({ written: 0, unchanged: 1, items: [] }));
    const { user } = open("/settings");
    await user.click(await screen.findByRole("button", { name: "Write to other tools’ files…" }));
    const asking = await dialog();
    await user.click(asking.getByRole("button", { name: "Show what would be written" }));
    expect(await asking.findByText("There is nothing to write.")).toBeInTheDocument();
    expect(asking.queryByRole("button", { name: /^Write/ })).not.toBeInTheDocument();
    server.use(http.post("*/api/models/export", () => refusal(507, "NO_SPACE", "The drive is full.")));
    await user.click(asking.getByRole("checkbox", { name: /LoRA Manager/ }));
    await user.click(asking.getByRole("button", { name: "Show what would be written" }));
    expect(await asking.findByRole("alert")).toHaveTextContent("The drive is full.");
  });

  test("what was written is put back from the tasks, too", async () => {
    const outcomes = { written: 4, unchanged: 0, refused: 0 };
    const ended = aTask({ task_id: "e1", kind: "export", name: "", state: "done", outcomes });
    const undone = { ...ended, task_id: "e2", outcomes: { restored: 4, unchanged: 0, refused: 0 } };
    const { undone: asked } = exporting(aReport(), { tasks: [ended, undone] });
    const { user } = open("/tasks");
    expect(await screen.findByText("Putting files of other tools back")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Undo Writing files of other tools" }));
    await waitFor(() => expect(asked).toEqual(["e1"]));
  });
});

describe("files of other tools beside a model", () => {
  const sidecar = { id: 5, kind: "civitai_info", filename: "ink.civitai.info", read_at: "2026-05-01T12:00:00Z" };

  function openModel(part: Parameters<typeof aModelDetail>[0], text: () => Response) {
    server.use(
      ...libraryWith({ models: [aModel()] }),
      http.get("*/api/models/1", () => answer(aModelDetail(part))),
      http.get("*/api/models/1/sidecars/5", text),
    );
    return open("/models/1");
  }

  test.each([
    ["utf-8", [0x7b, 0xe7, 0x81, 0xaf, 0x7d]],
    ["utf-16", [0xff, 0xfe, 0x7b, 0, 0x6f, 0x70, 0x7d, 0]],
    ["utf-16", [0xfe, 0xff, 0, 0x7b, 0x70, 0x6f, 0, 0x7d]],
  ])("are shown as text, in %s", async (charset, bytes) => {
    const headers = { "content-type": `text/plain; charset=${charset}` };
    const { user } = openModel({ sidecars: [sidecar] }, () => new Response(new Uint8Array(bytes), { headers }));
    expect(await screen.findByText(/^Civitai Helper/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Show ink.civitai.info" }));
    const shown = within(await screen.findByRole("dialog", { name: "ink.civitai.info" }));
    expect(await shown.findByRole("region", { name: "Text of ink.civitai.info" })).toHaveTextContent("{灯}");
    expect(shown.getByRole("link", { name: "Save" })).toHaveAttribute("href", "/api/models/1/sidecars/5");
  });

  test("one that is gone says so", async () => {
    const { user } = openModel({ sidecars: [sidecar] }, () => refusal(404, "NOT_FOUND", "There is no such sidecar."));
    await user.click(await screen.findByRole("button", { name: "Show ink.civitai.info" }));
    expect(await screen.findByText("There is no such sidecar.")).toBeInTheDocument();
  });

  test("are named where they said what is shown", async () => {
    const provenance = { name: "civitai", type: "header", trigger_words: "user_metadata", tags: "user,lora_manager" };
    openModel({ provenance }, () => answer(null));
    expect(await screen.findByText("From Civitai")).toBeInTheDocument();
    expect(screen.getByText("From the file")).toBeInTheDocument();
    const rest = screen.getByRole("list", { name: "Where the rest is from" });
    expect(rest).toHaveTextContent("Trigger words: From A1111, Forge");
    expect(rest).toHaveTextContent("Tags: From you, LoRA Manager");
  });
});
