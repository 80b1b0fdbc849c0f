import { screen, waitFor } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { aFolder, aModel, aSetting, aTask } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, server, tell } from "@/testing/server";

const key = aSetting({ key: "civitai_api_key", is_secret: true, is_set: false, value: null, default: null });
const unscanned = aFolder({ scanned_at: null, is_locked: true, models: 0 });

describe("the first run", () => {
  test("leads in three steps: a folder, the scan, and a key for who has one", async () => {
    server.use(...libraryWith({ folders: [unscanned], settings: [key] }));
    open("/");
    await screen.findByRole("heading", { name: /^1\./ });
    const steps = screen.getAllByRole("heading", { level: 2 });
    expect(steps.map((step) => step.textContent)).toEqual([
      "1. Say where your models lie",
      "2. Watch them being found",
      "3. Add your Civitai key, if you have one",
    ]);
    expect(await screen.findByText(/It begins by itself/)).toBeInTheDocument();
    expect(await screen.findByLabelText("Civitai API key")).toBeInTheDocument();
  });

  test("counts while the scan goes on, and gives way to the library with the first model", async () => {
    const scan = aTask({ done: 12, total: null });
    server.use(...libraryWith({ folders: [unscanned], tasks: [scan], settings: [key] }));
    open("/");
    expect(await screen.findByText("Scanning: 12 files so far")).toBeInTheDocument();
    tell({ type: "task", task: { ...scan, done: 340 } });
    expect(await screen.findByText("Scanning: 340 files so far")).toBeInTheDocument();
    server.use(...libraryWith({ models: [aModel({ id: 1 })], tasks: [scan] }).slice(1));
    tell({ type: "models_changed", model_ids: [1] });
    expect(await screen.findByText("Velvet Dreams 1")).toBeInTheDocument();
    expect(screen.queryByRole("heading", { name: /Welcome/ })).not.toBeInTheDocument();
  });

  test("asks whether the folder is the right one when the scan found nothing", async () => {
    const asked: unknown[] = [];
    server.use(
      ...libraryWith({ folders: [aFolder({ models: 0 })] }),
      http.post("*/api/models/scan", async ({ request }) => {
        asked.push(await request.json());
        return answer(aTask({ done: 0, total: null }), 202);
      }),
    );
    const { user } = open("/");
    expect(await screen.findByText(/Is the folder the right one/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Scan again" }));
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(await screen.findByText("Scanning: 0 files so far")).toBeInTheDocument();
  });
});
