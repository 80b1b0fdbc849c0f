import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import type { ModelDetail, Task } from "@/api/types";
import { aModel, aModelDetail, aTask } from "@/testing/examples";
import { message, open } from "@/testing/open";
import { answer, libraryWith, refusal, server, tell } from "@/testing/server";

let number = 0;

/** Answers look-ups with a task of its own for each, and notes what was asked for. */
function keepLookUps(part: Partial<Task> = {}) {
  const asked: unknown[] = [];
  number += 1;
  const task = aTask({ task_id: `look-up-${number}`, kind: "enrich", name: "", state: "queued", done: 0, ...part });
  server.use(
    http.post("*/api/models/enrich", async ({ request }) => {
      asked.push(await request.json());
      return answer(task, 202);
    }),
  );
  return { asked, task };
}

const THOROUGHLY = { full: true, weights: true, civarchive: false };

function openModel(part: Partial<ModelDetail>) {
  const model = aModel({ id: 7, name: "Ink" });
  const detail = { ...aModelDetail(model), ...part };
  server.use(
    ...libraryWith({ models: [model] }),
    http.get("*/api/models/7", () => answer(detail)),
  );
  return open("/models/7");
}

const AT = "2026-05-01T12:00:00Z";
const lookup = {
  source: "civitai",
  outcome: "matched" as const,
  hash_kind: "sha256" as const,
  is_provisional: false,
  looked_up_at: AT,
  again_at: null,
};

describe("looking models up", () => {
  test("all that were not asked for yet, with a word on what came of it", async () => {
    const { asked, task } = keepLookUps();
    server.use(...libraryWith({ models: [aModel()] }).slice(0, 2));
    const { user } = open("/health");
    await user.click(await screen.findByRole("button", { name: "Look up online" }));
    await waitFor(() => expect(asked).toEqual([{ q: "is:unmatched -is:not_found", again: false, ...THOROUGHLY }]));
    await waitFor(() => {
      tell({ type: "task", task: { ...task, state: "running", done: 3, total: 6 } });
      expect(screen.getByRole("button", { name: /^Looking up models ?50%$/ })).toBeDisabled();
    });
    const outcomes = { matched: 3, not_found: 2, unreachable: 1 };
    tell({ type: "task", task: { ...task, state: "done", done: 6, total: 6, outcomes } });
    expect(await message("Looked up: 3 found, 2 not known, 1 not reached")).toBeTruthy();
    expect(await screen.findByRole("button", { name: "Look up online" })).toBeEnabled();
  });

  test("says that it waits where the source cannot be reached, and when it goes on", async () => {
    const { task } = keepLookUps();
    server.use(...libraryWith({ models: [aModel()] }).slice(0, 2));
    const { user } = open("/health");
    await user.click(await screen.findByRole("button", { name: "Look up online" }));
    tell({
      type: "task",
      task: { ...task, waits_because: "Civitai cannot be reached.", waits_until: AT, outcomes: { unreachable: 2 } },
    });
    const toast = await message("The look-up waits");
    expect(toast.getByText(/2 not reached\s+Civitai cannot be reached\.\s+Goes on by itself: /)).toBeInTheDocument();
  });

  test("says where there was nothing to ask for", async () => {
    const { task } = keepLookUps();
    server.use(...libraryWith({ models: [aModel()] }).slice(0, 2));
    const { user } = open("/health");
    await user.click(await screen.findByRole("button", { name: "Look up again what is unknown online" }));
    tell({ type: "task", task: { ...task, state: "done", outcomes: {} } });
    expect(await message("There was nothing to ask for")).toBeTruthy();
  });

  test("tells nothing of look-ups that go on by themselves, but that one failed", async () => {
    const task = aTask({ task_id: "by itself", kind: "enrich", name: "", state: "running" });
    server.use(...libraryWith({ tasks: [task] }));
    open("/health");
    await screen.findAllByText("Looking up models");
    tell({ type: "task", task: { ...task, state: "done", outcomes: { matched: 4711 } } });
    const failed = { ...task, task_id: "failed", state: "failed" as const, error: "Civitai wants a key." };
    tell({ type: "task", task: failed });
    expect((await message("The look-up failed")).getByText("Civitai wants a key.")).toBeInTheDocument();
    expect(screen.queryByText("Looked up: 4,711 found")).toBeNull();
  });

  test("those that are selected", async () => {
    const { asked } = keepLookUps();
    server.use(...libraryWith({ models: [aModel({ id: 1 }), aModel({ id: 2 })] }));
    const { user } = open("/");
    await user.click(await screen.findByRole("checkbox", { name: "Select Velvet Dreams 1" }));
    await user.click(await screen.findByRole("checkbox", { name: "Select Velvet Dreams 2" }));
    const bar = await screen.findByRole("region", { name: "Selected models" });
    await user.click(within(bar).getByRole("button", { name: "Look up online" }));
    await waitFor(() => expect(asked).toEqual([{ q: "", model_ids: [1, 2], again: true, ...THOROUGHLY }]));
  });

  test("one by its menu, whose result is told after the menu is gone", async () => {
    const { asked, task } = keepLookUps();
    server.use(...libraryWith({ models: [aModel({ id: 1 })] }));
    const { user } = open("/");
    await user.pointer({ keys: "[MouseRight]", target: await screen.findByText("Velvet Dreams 1") });
    await user.click(await screen.findByRole("menuitem", { name: "Look up online" }));
    await waitFor(() => expect(asked).toEqual([{ q: "", model_ids: [1], again: true, ...THOROUGHLY }]));
    tell({ type: "task", task: { ...task, state: "done", outcomes: { matched: 1 } } });
    expect(await message("Looked up: 1 found")).toBeTruthy();
  });
});

describe("what is known of a model's page online", () => {
  test.each([
    ["matched", /Civitai knows this very file/],
    ["not_found", /Civitai does not know this file/],
    ["needs_login", /Civitai tells that only to whoever is logged in/],
    ["forbidden", /Civitai refused to answer/],
    ["gone", /Civitai knew this file, and its page is gone/],
    ["unreachable", /Civitai could not be reached/],
  ] as const)("that the last answer was: %s", async (outcome, said) => {
    openModel({ lookup: { ...lookup, outcome } });
    expect(await screen.findByText(said)).toBeInTheDocument();
  });

  test("a match by another tool's hash counts for now", async () => {
    openModel({ lookup: { ...lookup, is_provisional: true } });
    expect(await screen.findByText(/knows the hash that another tool noted/)).toBeInTheDocument();
  });

  test("without a hash there is nothing to ask by", async () => {
    const { hashes } = aModelDetail(aModel());
    openModel({ hashes: { ...hashes, sha256: null } });
    expect(await screen.findByText("It can be looked up as soon as its hash is computed.")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Look up online" })).toBeDisabled();
  });

  test("what Civitai does not know is asked for elsewhere, too", async () => {
    const { asked } = keepLookUps();
    const { user } = openModel({ lookup: { ...lookup, outcome: "not_found" } });
    await user.click(await screen.findByRole("button", { name: "Ask CivArchive, too" }));
    await waitFor(() =>
      expect(asked).toEqual([{ q: "", model_ids: [7], again: true, ...THOROUGHLY, civarchive: true }]),
    );
  });

  test("a link says what it is, and one that names no model is refused in its place", async () => {
    const url = "https://civitai.com/models/9";
    const { user } = openModel({});
    server.use(
      http.put("*/api/models/7/published", async ({ request }) => {
        const said = (await request.json()) as { url: string };
        if (said.url !== url) return refusal(400, "NOT_A_MODEL_LINK", "That link names no model.");
        return answer({ ...aModelDetail(aModel({ id: 7, name: "Lantern" })), own_match: "chosen" });
      }),
    );
    await user.click(await screen.findByRole("button", { name: "Say what it is…" }));
    const field = await screen.findByRole("textbox", { name: "Link to its page" });
    await user.type(field, "https://civitai.com/user/anna{Enter}");
    expect(await screen.findByText("That link names no model.")).toBeInTheDocument();
    server.use(http.get("*/api/models/7", () => answer({ ...aModelDetail(aModel({ id: 7 })), own_match: "chosen" })));
    await user.clear(field);
    await user.type(field, `${url}{Enter}`);
    expect(await screen.findByText("You said what it is. No look-up changes that.")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Look up online" })).toBeNull();
  });

  test("a wrong match is undone, and that is taken back", async () => {
    const published = {
      source: "civitai",
      model_id: "9",
      version_id: "91",
      model_name: "Lantern",
      version_name: "v1.0",
      creator: "anna",
      url: "https://civitai.com/models/9",
    };
    const said: string[] = [];
    const { user } = openModel({ published, lookup });
    const answering = (own_match: "none" | null) => {
      const detail = { ...aModelDetail(aModel({ id: 7 })), own_match };
      server.use(http.get("*/api/models/7", () => answer(detail)));
      return answer(detail);
    };
    server.use(
      http.delete("*/api/models/7/published", () => {
        said.push("not it");
        return answering("none");
      }),
      http.delete("*/api/models/7/published/own", () => {
        said.push("taken back");
        return answering(null);
      }),
    );
    await user.click(await screen.findByRole("button", { name: "That is not it" }));
    expect(await screen.findByText(/You said that it is none of what was found/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Take yours back" }));
    expect(await screen.findByText(/Not looked up yet/)).toBeInTheDocument();
    expect(said).toEqual(["not it", "taken back"]);
  });
});
