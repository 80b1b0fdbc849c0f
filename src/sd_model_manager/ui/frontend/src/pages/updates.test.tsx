import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, test } from "vitest";
import type { Update } from "@/api/updates";
import { aDownload, anUpdate, aSetting, aTask, aVersion } from "@/testing/examples";
import { message, open } from "@/testing/open";
import { answer, libraryWith, refusal, server, tell } from "@/testing/server";

const check = aTask({ task_id: "check", kind: "check_updates", name: "" });
const checked = { ...check, state: "done" as const, finished_at: "2026-05-01T12:05:00Z" };

const early = aVersion({
  version_id: "30",
  name: "v3.0",
  access: "early_access",
  available_from: "2026-06-01T00:00:00Z",
});

/** A library of one model, of which a site was asked. */
function oneModel(notAsked: number = 0) {
  return http.get("*/api/models", ({ request }) => {
    const q = new URL(request.url).searchParams.get("q");
    return answer({ items: [], total: q ? notAsked : 1, next_cursor: null });
  });
}

function listOfModels() {
  return screen.findByRole("list", { name: "Models with newer versions" });
}

describe("updates", () => {
  test("each model is listed with what is here and what is newer", async () => {
    server.use(...libraryWith({ updates: [anUpdate({ versions: [early, aVersion()] })], tasks: [checked] }));
    open("/updates");
    const list = await listOfModels();
    expect(within(list).getByRole("heading", { name: "Velvet Dreams" })).toBeInTheDocument();
    expect(list).toHaveTextContent("LoRA · by kaede");
    expect(within(list).getByRole("link", { name: "v1.0" })).toHaveAttribute("href", "/models/1");
    expect(list).toHaveTextContent("You have v1.0 · SDXL 1.0 · Jan 1, 2026");
    expect(within(list).getByRole("link", { name: "v3.0" })).toHaveAttribute("href", early.url);
    expect(list).toHaveTextContent(/Early access until (May 31|Jun 1), 2026/);
    expect(document.title).toBe("Updates · SD Model Manager");
  });

  test("models of the library that are one at the source stand together", async () => {
    const other = anUpdate({ published_model_id: "8", published_model_name: "Other" });
    const third = anUpdate({ id: 3, installed: aVersion({ version_id: "11", name: "v1.0 pony" }) });
    server.use(...libraryWith({ updates: [anUpdate(), other, third], tasks: [checked] }));
    open("/updates");
    const headings = within(await listOfModels()).getAllByRole("heading");
    expect(headings.map((heading) => heading.textContent)).toEqual(["Velvet Dreams", "Other"]);
    expect(screen.getByRole("link", { name: "v1.0 pony" })).toBeInTheDocument();
  });

  test("a version is downloaded with one click, and says that it waits", async () => {
    const asked: unknown[] = [];
    const download = aDownload({ url: aVersion().url });
    server.use(
      ...libraryWith({ updates: [anUpdate()], tasks: [checked] }),
      http.post("*/api/download", async ({ request }) => {
        asked.push(await request.json());
        return answer({ ...download, tasks: [download], refused: [] }, 202);
      }),
    );
    const { user } = open("/updates");
    await user.click(await screen.findByRole("button", { name: "Download v2.0" }));
    expect(await screen.findByText("In the queue")).toBeInTheDocument();
    expect(asked).toEqual([{ url: aVersion().url, category: "active", position: "last" }]);
  });

  test("the newest of all that anybody may have are looked at and downloaded together", async () => {
    const page = (id: string) => `https://civitai.com/models/${id}`;
    const updates = ["7", "8"].map((id) =>
      anUpdate({
        id: Number(id),
        published_model_id: id,
        versions: [early, aVersion({ version_id: `${id}2`, url: page(id) }), aVersion({ version_id: `${id}1` })],
      }),
    );
    server.use(...libraryWith({ updates, tasks: [checked] }));
    const { user, address } = open("/updates");
    await user.click(await screen.findByRole("button", { name: "Look at all and download" }));
    await waitFor(() => expect(address()).toBe("/downloads"));
    expect(await screen.findByText(page("7"))).toBeInTheDocument();
    expect(screen.getByText(page("8"))).toBeInTheDocument();
  });

  test("its files are chosen where downloads are", async () => {
    server.use(...libraryWith({ updates: [anUpdate()], tasks: [checked] }));
    const { user, address } = open("/updates");
    await user.click(await screen.findByRole("button", { name: "Choose files of v2.0" }));
    await waitFor(() => expect(address()).toBe("/downloads"));
    expect(await screen.findByText(aVersion().url)).toBeInTheDocument();
  });

  test.each([
    ["Ignore this model", { model: "7" }, "Velvet Dreams"],
    ["Ignore all by kaede", { creator: "kaede" }, "kaede"],
  ])("%s, and take it back", async (label, wish, name) => {
    const said = keepIgnoring([anUpdate()]);
    const { user } = open("/updates");
    await user.click(await screen.findByRole("button", { name: "Actions for Velvet Dreams" }));
    await user.click(await screen.findByRole("menuitem", { name: label }));
    const toast = await message(`Ignored: ${name}`);
    expect(await screen.findByText("Everything is up to date")).toBeInTheDocument();
    await user.click(toast.getByRole("button", { name: "Undo" }));
    expect(await listOfModels()).toBeInTheDocument();
    expect(said).toEqual([
      ["POST", { source: "civitai", ...wish }],
      ["DELETE", { source: "civitai", ...wish }],
    ]);
  });

  test("one version is ignored alone", async () => {
    const said = keepIgnoring([anUpdate()]);
    const { user } = open("/updates");
    await user.click(await screen.findByRole("button", { name: "Ignore v2.0" }));
    expect(await message("Ignored: Velvet Dreams v2.0")).toBeTruthy();
    expect(said).toEqual([["POST", { source: "civitai", version: "20" }]]);
  });

  test("what is ignored is named, and shown again", async () => {
    const ignored = { source: "civitai", kind: "version" as const, key: "20" };
    const said = keepIgnoring([], [{ ...ignored, model_name: "Velvet Dreams", version_name: "v2.0" }]);
    const { user } = open("/updates");
    await user.click(await screen.findByText("Ignored"));
    await user.click(screen.getByRole("button", { name: "Show updates of Velvet Dreams v2.0 again" }));
    expect(await message("Shown again: Velvet Dreams v2.0")).toBeTruthy();
    expect(said).toEqual([["DELETE", { source: "civitai", version: "20" }]]);
  });

  test("the first check is offered, its progress shown, and what it found", async () => {
    server.use(
      oneModel(),
      ...libraryWith({}),
      http.post("*/api/updates/check", () => answer({ ...check, state: "running", done: 50, total: 200 }, 202)),
    );
    const { user } = open("/updates");
    expect(await screen.findByText("Not looked for updates yet")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Check now" }));
    const bar = await screen.findByRole("progressbar", { name: "Progress of the check" });
    expect(bar).toHaveAttribute("aria-valuenow", "25");
    expect(screen.getByText("50 of 200 models")).toBeInTheDocument();
    server.use(...libraryWith({ updates: [anUpdate()], tasks: [checked] }).slice(1));
    tell({ type: "task", task: checked });
    expect(await listOfModels()).toBeInTheDocument();
    expect(screen.getByText(/^Last checked/)).toBeInTheDocument();
  });

  test("it says why the last check failed, and how often there is one", async () => {
    const failed = { ...checked, state: "failed" as const, error: "Civitai cannot be reached." };
    const setting = aSetting({ key: "check_updates_every_hours", value: 24, default: 0 });
    server.use(oneModel(), ...libraryWith({ tasks: [failed], settings: [setting] }));
    open("/updates");
    expect(await screen.findByRole("alert")).toHaveTextContent("Civitai cannot be reached.");
    expect(await screen.findByText("Civitai is asked every 24 hours.")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Change that" })).toHaveAttribute("href", "/settings#lookups");
  });

  test("models that no site was asked about are said, and looked up from here", async () => {
    const asked: unknown[] = [];
    server.use(
      oneModel(2),
      ...libraryWith({ tasks: [checked] }),
      http.post("*/api/models/enrich", async ({ request }) => {
        asked.push(await request.json());
        return answer(aTask({ kind: "enrich", state: "running" }), 202);
      }),
    );
    const { user } = open("/updates");
    expect(await screen.findByText(/^2 models were not looked up yet/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Look up online" }));
    expect(await screen.findByRole("button", { name: /^Looking up models/ })).toBeDisabled();
    expect(asked).toEqual([{ q: "", again: false, full: true, weights: true, civarchive: false }]);
  });

  test("a library without models says so, with a way to some", async () => {
    open("/updates");
    expect(await screen.findByText("No models yet")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Open the setup guide" })).toHaveAttribute("href", "/setup");
  });

  test("a list that cannot be read can be tried again", async () => {
    server.use(...libraryWith({ tasks: [checked] }));
    server.use(http.get("*/api/updates", () => refusal(500, "INTERNAL", "Something broke.")));
    const { user } = open("/updates");
    expect(await screen.findByText("Something broke.")).toBeInTheDocument();
    server.use(...libraryWith({ updates: [anUpdate()], tasks: [checked] }).slice(1));
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await listOfModels()).toBeInTheDocument();
  });

  test("how many there are stands in the navigation", async () => {
    server.use(...libraryWith({ updates: [anUpdate(), anUpdate({ id: 2 })] }));
    open("/duplicates");
    const links = await screen.findAllByRole("link", { name: /Updates/ });
    await waitFor(() => expect(links[0]).toHaveTextContent("Updates2"));
  });
});

/** A server that lists these updates while nothing is ignored; what it is told of ignoring is written down. */
function keepIgnoring(updates: Update[], ignored: unknown[] = []) {
  const said: [string, unknown][] = [];
  server.use(
    oneModel(),
    http.get("*/api/updates", () => {
      const items = said.at(-1)?.[0] === "POST" ? [] : updates;
      return answer({ items, total: items.length, next_cursor: null });
    }),
    http.get("*/api/updates/ignore", () => answer(ignored)),
    http.post("*/api/updates/ignore", async ({ request }) => {
      said.push(["POST", await request.json()]);
      return answer([]);
    }),
    http.delete("*/api/updates/ignore", ({ request }) => {
      said.push(["DELETE", Object.fromEntries(new URL(request.url).searchParams)]);
      return answer([]);
    }),
    http.get("*/api/tasks", ({ request }) => {
      const isEnded = new URL(request.url).searchParams.getAll("state").includes("done");
      return HttpResponse.json({
        success: true,
        data: { items: isEnded ? [checked] : [], total: isEnded ? 1 : 0, next_cursor: null },
      });
    }),
  );
  return said;
}
