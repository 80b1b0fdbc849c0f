import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import type { ModelChange } from "@/api/types";
import { aDownload, aModel, aModelDetail, aPublishedDetail, aVersion, published } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, refusal, server } from "@/testing/server";

function openModel(part: Parameters<typeof aModelDetail>[0]) {
  server.use(
    ...libraryWith({ models: [aModel()] }),
    http.get("*/api/models/1", () => answer(aModelDetail(part))),
  );
  return open("/models/1");
}

/** Keeps what is said of model 1 as the server does, and notes each change. */
function keepChanges(sourceTags: string[] = []): ModelChange[] {
  const said: ModelChange[] = [];
  server.use(
    http.patch("*/api/models/1", async ({ request }) => {
      said.push((await request.json()) as ModelChange);
      const { tags: own_tags = [], ...rest } = Object.assign({}, ...said) as ModelChange;
      const user = { ...aModelDetail().user, ...rest, own_tags };
      const tags = [...own_tags, ...sourceTags];
      return answer(aModelDetail({ user, favorite: user.favorite, rating: user.rating, tags }));
    }),
  );
  return said;
}

/** Refuses every change; `release` lets the answers go. */
function refuseChanges() {
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.use(
    http.patch("*/api/models/1", async () => {
      await isReleased;
      return refusal(503, "DATABASE_LOCKED", "Another program holds the database. Close it.");
    }),
  );
  return () => release();
}

describe("the panel of a model", () => {
  test("copies one trigger word, all of them, and what loads the LoRA", async () => {
    const { user } = openModel({ trigger_words: ["ink wash", "1girl"] });
    await user.click(await screen.findByRole("button", { name: /^ink wash/ }));
    expect(document.title).toBe("Velvet Dreams 1 · SD Model Manager");
    expect(await navigator.clipboard.readText()).toBe("ink wash");
    await user.click(screen.getByRole("button", { name: "Copy all trigger words" }));
    expect(await navigator.clipboard.readText()).toBe("ink wash, 1girl");
    await user.click(screen.getByRole("button", { name: /<lora:/ }));
    expect(await navigator.clipboard.readText()).toBe("<lora:velvet_dreams_1:1>");
  });

  test("copies the path and the hashes", async () => {
    const { user } = openModel({});
    await user.click(await screen.findByRole("button", { name: "Copy the path" }));
    expect(await navigator.clipboard.readText()).toBe("/models/loras/velvet_dreams_1.safetensors");
    await user.click(screen.getByRole("button", { name: "Copy SHA-256" }));
    expect(await navigator.clipboard.readText()).toBe("ab".repeat(32));
  });

  test("says how sure it is of what the file is, and why", async () => {
    openModel({});
    expect(await screen.findByText("Certain, 98%")).toBeInTheDocument();
    expect(screen.getByText("two text encoders")).toBeInTheDocument();
  });

  test("lists the versions there are: this one, another that is here, and an update to download", async () => {
    const asked: unknown[] = [];
    const versions = [
      { ...aVersion({ version_id: "30", name: "v3.0" }), model_ids: [], is_update: true },
      { ...aVersion({ version_id: "20", name: "v2.0" }), model_ids: [1], is_update: false },
      { ...aVersion({ version_id: "10", name: "v1.0" }), model_ids: [5], is_update: false },
    ];
    const { user } = openModel({ published, published_detail: aPublishedDetail() });
    server.use(
      http.get("*/api/models/1/versions", () => answer(versions)),
      http.post("*/api/download", async ({ request }) => {
        asked.push(await request.json());
        return answer({ ...aDownload(), tasks: [], refused: [] }, 202);
      }),
    );
    const panel = within(await screen.findByRole("complementary", { name: "Model" }));
    const row = async (name: string) => within((await panel.findByRole("link", { name })).closest("li") as HTMLElement);
    expect((await row("v2.0")).getByText("This one")).toBeInTheDocument();
    expect((await row("v1.0")).getByRole("link", { name: "In your library" })).toHaveAttribute("href", "/models/5");
    expect((await row("v3.0")).getByText("Update")).toBeInTheDocument();
    expect(panel.getByRole("link", { name: "Open in Discover" })).toHaveAttribute("href", "/discover?model=1001");
    await user.click(panel.getByRole("button", { name: "Download v3.0" }));
    await waitFor(() => expect(asked).toMatchObject([{ url: versions[0]?.url }]));
  });

  test("shows how the file was trained: the tags of its pictures and the settings", async () => {
    openModel({ header_metadata: { ss_tag_frequency: '{"10_ink": {"ink": 20, "wash": 5}}', ss_steps: "1800" } });
    const tags = within(await screen.findByRole("list", { name: "Tags of the training pictures" }));
    expect(tags.getAllByRole("listitem").map((tag) => tag.textContent)).toEqual(["ink", "wash"]);
    expect(screen.getByText("Steps").nextSibling).toHaveTextContent("1,800");
  });
});

describe("what the user says of a model", () => {
  test("names who noted a hash that it does not have", async () => {
    const claim = { kind: "sha256" as const, digest: "ef".repeat(32), origin: "civitai_info" };
    openModel({ claimed_hashes: [{ ...claim, state: "contradicted" }] });
    expect(
      await screen.findByText(/^Noted elsewhere \(civitai_info\) as its SHA-256: efefefefefefefef,/),
    ).toBeInTheDocument();
  });

  test("shows what other tools say of it where its source says nothing, and each of its parts", async () => {
    openModel({
      description_html: "<p>Drawn with a reed pen.</p>",
      claimed_notes: [{ kind: "lora_manager", text: "Best below 0.7" }],
      parts: [{ filename: "model-00001-of-00002.safetensors", size_bytes: 5_000_000_000 }],
    });
    expect(await screen.findByText("Drawn with a reed pen.")).toBeInTheDocument();
    expect(screen.getByText("Best below 0.7")).toBeInTheDocument();
    expect(screen.getByText("model-00001-of-00002.safetensors")).toBeInTheDocument();
  });

  test("a missing one can be downloaded again, and looked for again", async () => {
    const { user, address } = openModel({ state: "missing", published });
    server.use(http.post("*/api/download/inspect", () => refusal(502, "SOURCE_UNAVAILABLE", "Try again later.")));
    expect(await screen.findByRole("button", { name: "Scan" })).toBeEnabled();
    await user.click(screen.getByRole("link", { name: "Download again" }));
    await waitFor(() => expect(address()).toBe("/downloads"));
    expect(await screen.findByText(published.url)).toBeInTheDocument();
  });

  test("its tags and its creator lead to what else they are said of", async () => {
    const { user, address } = openModel({ tags: ["ink & wash"], published });
    const creator = await screen.findByRole("link", { name: "by lumen" });
    expect(creator).toHaveAttribute("href", "/?q=creator%3A%22lumen%22");
    await user.click(await screen.findByRole("link", { name: "#ink & wash" }));
    expect(address()).toBe("/?tag=ink+%26+wash");
  });

  test("a favourite has its heart at once, in the panel and on its card", async () => {
    const { user } = openModel({});
    const heart = await screen.findByRole("button", { name: "Favourite" });
    expect(heart).toHaveAttribute("aria-pressed", "false");
    const said = keepChanges();
    await user.click(heart);
    expect(await screen.findByRole("img", { name: "Favourite" })).toBeInTheDocument();
    expect(heart).toHaveAttribute("aria-pressed", "true");
    await waitFor(() => expect(said).toEqual([{ favorite: true }]));
  });

  test("a change that is refused is taken back everywhere, and why is told", async () => {
    const { user } = openModel({});
    const heart = await screen.findByRole("button", { name: "Favourite" });
    const release = refuseChanges();
    await user.click(heart);
    expect(await screen.findByRole("img", { name: "Favourite" })).toBeInTheDocument();
    release();
    expect(await screen.findByText("Another program holds the database. Close it.")).toBeInTheDocument();
    await waitFor(() => expect(heart).toHaveAttribute("aria-pressed", "false"));
    expect(screen.queryByRole("img", { name: "Favourite" })).toBeNull();
  });

  test("what was said last holds, however fast it was said", async () => {
    const { user } = openModel({});
    const heart = await screen.findByRole("button", { name: "Favourite" });
    const said = keepChanges();
    await user.click(heart);
    await user.click(heart);
    await user.click(heart);
    await waitFor(() => expect(said).toEqual([{ favorite: true }, { favorite: false }, { favorite: true }]));
    expect(heart).toHaveAttribute("aria-pressed", "true");
  });

  test("stars are given with the pointer, the arrows or a digit, and taken away", async () => {
    const { user } = openModel({});
    const group = await screen.findByRole("group", { name: "Rating" });
    const said = keepChanges();
    await user.click(within(group).getByRole("radio", { name: "3 stars" }));
    expect(await screen.findByRole("img", { name: "Rated 3 of 5" })).toBeInTheDocument();
    await user.keyboard("{ArrowRight}");
    await waitFor(() => expect(within(group).getByRole("radio", { name: "4 stars" })).toBeChecked());
    await user.keyboard("0");
    expect(await screen.findByRole("img", { name: "Rated 0 of 5" })).toBeInTheDocument();
    await user.click(within(group).getByRole("button", { name: "Take the rating away" }));
    await waitFor(() => expect(screen.queryByRole("img", { name: /^Rated/ })).toBeNull());
    await waitFor(() => expect(said.map((change) => change.rating)).toEqual([3, 4, 0, null]));
    expect(group).toContainElement(document.activeElement as HTMLElement);
  });

  test("own tags are added and removed, and those of the source stay", async () => {
    const { user } = openModel({ tags: ["style"] });
    const field = await screen.findByRole("textbox", { name: "Add a tag" });
    const said = keepChanges(["style"]);
    await user.type(field, "portraits, Best{Enter}");
    const own = await screen.findByRole("list", { name: "Your tags" });
    expect(await within(own).findByText("Best")).toBeInTheDocument();
    await user.type(field, "best{Enter}");
    await user.click(within(own).getByRole("button", { name: "Remove the tag portraits" }));
    await waitFor(() => expect(within(own).queryByText("portraits")).toBeNull());
    await waitFor(() => expect(said.at(-1)).toEqual({ tags: ["Best"] }));
    expect(said[0]).toEqual({ tags: ["portraits"] });
    expect(field).toHaveFocus();
    expect(screen.getByRole("list", { name: "Tags" })).toHaveTextContent(/^#style$/);
  });

  test("a tag that is refused stands in its field again", async () => {
    const { user } = openModel({});
    const field = await screen.findByRole("textbox", { name: "Add a tag" });
    refuseChanges()();
    await user.type(field, "portraits{Enter}");
    await waitFor(() => expect(field).toHaveValue("portraits"));
    expect(screen.queryByRole("list", { name: "Your tags" })).toBeNull();
  });

  test("notes are saved once when nothing was typed for a moment", async () => {
    const { user } = openModel({});
    const field = await screen.findByRole("textbox", { name: "Your notes" });
    const said = keepChanges();
    await user.type(field, "Weight 0.8");
    expect(said).toEqual([]);
    expect(await screen.findByText("Saved")).toBeInTheDocument();
    expect(said).toEqual([{ notes: "Weight 0.8" }]);
  });

  test("notes are saved when the field is left, and when another model is opened", async () => {
    const { user } = openModel({});
    const field = await screen.findByRole("textbox", { name: "Your notes" });
    const said = keepChanges();
    await user.type(field, "One.");
    await user.tab();
    await waitFor(() => expect(said).toEqual([{ notes: "One." }]));
    fireEvent.change(field, { target: { value: "Two." } });
    await user.click(screen.getByRole("button", { name: "Close" }));
    await waitFor(() => expect(said.at(-1)).toEqual({ notes: "Two." }));
  });

  test("notes that could not be saved are kept until they are, though the panel is closed", async () => {
    const { user } = openModel({});
    refuseChanges()();
    await user.type(await screen.findByRole("textbox", { name: "Your notes" }), "Weight 0.8");
    await user.tab();
    expect(await screen.findByText("Not saved")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Close" }));
    await user.click(screen.getByText("Velvet Dreams 1"));
    expect(await screen.findByRole("textbox", { name: "Your notes" })).toHaveValue("Weight 0.8");
    const said = keepChanges();
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Saved")).toBeInTheDocument();
    expect(said).toEqual([{ notes: "Weight 0.8" }]);
    expect(localStorage).toHaveLength(0);
  });

  test("a refusal is shown beside the notes, with a way to try again", async () => {
    const { user } = openModel({});
    refuseChanges()();
    const field = await screen.findByRole("textbox", { name: "Your notes" });
    await user.type(field, "Weight 0.8");
    await user.tab();
    const retry = await screen.findByRole("button", { name: "Try again" });
    const said = keepChanges();
    await user.click(retry);
    await waitFor(() => expect(said).toEqual([{ notes: "Weight 0.8" }]));
    expect(field).toHaveValue("Weight 0.8");
  });
});
