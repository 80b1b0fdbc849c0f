import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { beforeEach, describe, expect, test } from "vitest";
import type { Found, RemoteModel } from "@/api/types";
import {
  aBrowsable,
  aDownload,
  aFound,
  aMature,
  anOffer,
  aRemoteFile,
  aRemoteModel,
  aRemoteVersion,
  huggingFace,
} from "@/testing/examples";
import { message, open } from "@/testing/open";
import { answer, libraryWith, refusal, server, tell } from "@/testing/server";

let asked: URL[] = [];

/** Answers as both sources do: with these models, in pages of so many. */
function finding(models: Found[], pageLength = 30) {
  asked = [];
  server.use(
    http.get("*/api/discover", () => answer([aBrowsable(), huggingFace])),
    http.get("*/api/discover/:source", ({ request }) => {
      const url = new URL(request.url);
      asked.push(url);
      const start = Number(url.searchParams.get("cursor") ?? 0);
      const end = start + pageLength;
      return answer({ items: models.slice(start, end), next_cursor: end < models.length ? String(end) : null });
    }),
  );
}

function opening(model: RemoteModel) {
  server.use(http.get("*/api/discover/:source/:id", () => answer(model)));
}

function refusing(status: number, code: string, details: Record<string, unknown> = {}) {
  server.use(http.get("*/api/discover/:source", () => refusal(status, code, "The source says no.", details)));
}

const last = () => (asked.at(-1) as URL).searchParams;
const card = (name: string) => screen.findByRole("article", { name });

beforeEach(() => finding([aFound()]));

test("what was found before a lock is not shown behind it", async () => {
  open("/discover");
  await card("Quiet Harbour 7");
  finding([aFound({ model_id: "8", name: "Noon" })]);
  server.use(http.get("*/api/mature", () => answer(aMature({ has_passphrase: true, is_locked: true }))));
  tell({ type: "models_changed", model_ids: [] });
  await card("Noon");
  expect(screen.queryByRole("article", { name: "Quiet Harbour 7" })).not.toBeInTheDocument();
});

test("arrow keys go from card to card", async () => {
  finding(["1", "2", "3"].map((id) => aFound({ model_id: id, name: `Harbour ${id}` })));
  const { user } = open("/discover");
  const link = (id: number) => screen.getByRole("link", { name: `Harbour ${id}` });
  await card("Harbour 1");
  link(1).focus();
  await user.keyboard("{ArrowRight}");
  expect(link(2)).toHaveFocus();
  await user.keyboard("{End}{ArrowLeft}{ArrowLeft}");
  expect(link(1)).toHaveFocus();
});

describe("what is found", () => {
  test("is shown with what to know at a glance, and asks its source once", async () => {
    finding([
      aFound({
        base_models: ["Pony", "SDXL 1.0"],
        warnings: [{ code: "EARLY_ACCESS", message: "Early.", details: {} }],
      }),
    ]);
    open("/discover");
    const found = await card("Quiet Harbour 7");
    expect(found).toHaveTextContent("by harbour_master");
    expect(found).toHaveTextContent("Pony +1");
    expect(found).toHaveTextContent("1,200 downloads");
    expect(within(found).getByRole("img", { name: "Early access" })).toBeInTheDocument();
    expect(document.title).toBe("Discover · SD Model Manager");
    expect(asked).toHaveLength(1);
  });

  test("nothing is asked of a source on another page", async () => {
    open("/downloads");
    await screen.findByRole("heading", { name: "Downloads" });
    expect(asked).toEqual([]);
  });

  test("goes on page by page until that is all", async () => {
    finding(
      Array.from({ length: 5 }, (_, index) => aFound({ model_id: String(index) })),
      2,
    );
    const { user } = open("/discover");
    await screen.findByText("2 models shown");
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await screen.findByText("4 models shown");
    await user.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByText("That is all.")).toBeInTheDocument();
    expect(asked.map((url) => url.searchParams.get("cursor"))).toEqual([null, "2", "4"]);
  });

  test("is shown once, even if a page repeats it", async () => {
    finding([aFound(), aFound()], 1);
    const { user } = open("/discover");
    await user.click(await screen.findByRole("button", { name: "Show more" }));
    await screen.findByText("That is all.");
    expect(screen.getAllByRole("article")).toHaveLength(1);
  });

  test("says when nothing fits, and where else to look", async () => {
    finding([]);
    const { user, address } = open("/discover?q=harbor&type=lora");
    expect(await screen.findByText("Nothing found")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Look on Hugging Face" }));
    await waitFor(() => expect(address()).toBe("/discover?source=huggingface&q=harbor"));
    expect(asked.at(-1)?.pathname).toBe("/api/discover/huggingface");
  });
});

describe("a search", () => {
  test("lies in the address and is read from it", async () => {
    const search = "q=ink&tag=style&creator=moth&type=lora&base_model=Pony&period=week&max_level=7";
    open(`/discover?${search}`);
    await card("Quiet Harbour 7");
    expect(Object.fromEntries(last())).toEqual({
      q: "ink",
      tag: "style",
      creator: "moth",
      type: "lora",
      base_model: "Pony",
      period: "week",
      max_level: "7",
    });
    expect(screen.getByRole("checkbox", { name: "LoRA" })).toBeChecked();
    expect(screen.getByRole("combobox", { name: "Published in" })).toHaveValue("week");
  });

  test("by words is sent when Enter says so, and has no order where the source has none for it", async () => {
    const { user, address } = open("/discover");
    const box = await screen.findByRole("searchbox", { name: "Search Civitai" });
    expect(screen.getByRole("combobox", { name: "Sort by" })).toHaveValue("rating");
    await user.type(box, "ink wash{Enter}");
    await waitFor(() => expect(address()).toBe("/discover?q=ink+wash"));
    expect(screen.queryByRole("combobox", { name: "Sort by" })).not.toBeInTheDocument();
    expect(await screen.findByText(/by relevance/)).toBeInTheDocument();
  });

  test("is narrowed by ticks and words, and the way back is a click", async () => {
    const { user, address } = open("/discover");
    await user.click(await screen.findByRole("checkbox", { name: "Pony" }));
    await user.type(screen.getByRole("combobox", { name: "Creator" }), "moth{Enter}");
    await waitFor(() => expect(address()).toBe("/discover?creator=moth&base_model=Pony"));
    await user.click(screen.getByRole("button", { name: "Remove the filter by moth" }));
    await waitFor(() => expect(address()).toBe("/discover?base_model=Pony"));
    await user.click(screen.getByRole("button", { name: "Clear all" }));
    await waitFor(() => expect(address()).toBe("/discover"));
  });

  test("completes tags and creators while they are typed, by keyboard and by pointer", async () => {
    const parts: string[] = [];
    server.use(
      http.get("*/api/discover/civitai/names", ({ request }) => {
        const { field, part } = Object.fromEntries(new URL(request.url).searchParams);
        parts.push(`${field} ${part}`);
        return answer([
          { name: `${part}y`, models: null },
          { name: `${part}ier`, models: 1200 },
        ]);
      }),
    );
    const { user, address } = open("/discover");
    const tag = await screen.findByRole("combobox", { name: "Tag" });
    await user.type(tag, "ink");
    const list = await screen.findByRole("listbox", { name: "Completions" });
    expect(tag).toHaveAttribute("aria-expanded", "true");
    expect(
      within(list)
        .getAllByRole("option")
        .map((option) => option.textContent),
    ).toEqual(["inky", "inkier1,200"]);
    await user.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    await waitFor(() => expect(address()).toBe("/discover?tag=inkier"));
    expect(tag).toHaveFocus();
    expect(tag).toHaveAttribute("aria-expanded", "false");
    const creator = screen.getByRole("combobox", { name: "Creator" });
    await user.type(creator, "moth");
    await user.click(await screen.findByRole("option", { name: "mothy" }));
    await waitFor(() => expect(address()).toBe("/discover?tag=inkier&creator=mothy"));
    expect(parts).toEqual(["tag ink", "creator moth"]);
  });

  test("takes what was typed as it is where nothing completes it", async () => {
    server.use(http.get("*/api/discover/civitai/names", () => refusal(502, "SOURCE_OFFLINE", "No connection.")));
    const { user, address } = open("/discover");
    await user.type(await screen.findByRole("combobox", { name: "Tag" }), "inkish");
    await user.keyboard("{Escape}");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(address()).toBe("/discover?tag=inkish"));
    expect(screen.queryByText("No connection.")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Remove the filter #inkish" }));
    await waitFor(() => expect(screen.getByRole("combobox", { name: "Tag" })).toHaveValue(""));
  });

  test("keeps its words at another source, but not the filters that it does not have", async () => {
    const { user, address } = open("/discover?q=ink&type=lora&sort=newest");
    await user.click(await screen.findByRole("radio", { name: "Hugging Face" }));
    await waitFor(() => expect(address()).toBe("/discover?source=huggingface&q=ink"));
    expect(await screen.findByRole("combobox", { name: "Sort by" })).toHaveValue("trending");
    expect(screen.queryByRole("combobox", { name: "Maturity" })).not.toBeInTheDocument();
  });

  test("takes a pasted link for what it names", async () => {
    server.use(http.post("*/api/download/inspect", () => answer(anOffer())));
    const { user } = open("/discover");
    await user.click(await screen.findByRole("searchbox"));
    await user.paste("https://civitai.com/models/7");
    const dialog = await screen.findByRole("dialog", { name: "What would be downloaded" });
    expect(await within(dialog).findByRole("button", { name: /^Download/ })).toBeInTheDocument();
  });
});

describe("what is here already", () => {
  test("is marked, and leads to the model", async () => {
    finding([aFound({ here: [{ id: 5, version_id: "71" }] })]);
    open("/discover");
    const found = await card("Quiet Harbour 7");
    expect(within(found).getByRole("link", { name: "In your library" })).toHaveAttribute("href", "/models/5");
    expect(within(found).queryByRole("button", { name: /Download/ })).not.toBeInTheDocument();
  });

  test("is told apart from another version, which does not keep this one from being downloaded", async () => {
    finding([aFound({ here: [{ id: 5, version_id: "70" }] })]);
    open("/discover");
    const found = await card("Quiet Harbour 7");
    expect(within(found).getByRole("link", { name: "Another version" })).toHaveAttribute("href", "/models/5");
    expect(within(found).getByRole("button", { name: "Download Quiet Harbour 7" })).toBeInTheDocument();
  });

  test("is marked when it has landed since", async () => {
    const done = aDownload({
      state: "done",
      url: aFound().link,
      model_id: 9,
      finished_at: new Date(Date.now() + 60_000).toISOString(),
    });
    server.use(...libraryWith({ history: [done] }));
    open("/discover");
    expect(await screen.findByRole("link", { name: "In your library" })).toHaveAttribute("href", "/models/9");
  });
});

describe("a download", () => {
  test("is one click on a card, which then says that it is in the queue", async () => {
    let body: unknown;
    server.use(
      http.post("*/api/download", async ({ request }) => {
        body = await request.json();
        return answer({ ...aDownload({ url: aFound().link, state: "queued" }), tasks: [], refused: [] }, 202);
      }),
    );
    const { user } = open("/discover");
    await user.click(await screen.findByRole("button", { name: "Download Quiet Harbour 7" }));
    await message("Added to the queue");
    expect(body).toMatchObject({ url: aFound().link });
    expect(await screen.findByText("In the queue")).toBeInTheDocument();
  });

  test("of one file of a version asks for that file", async () => {
    const small = aRemoteFile({ file_id: "712", name: "small.safetensors", is_primary: false, sha256: null });
    opening(aRemoteModel({ versions: [aRemoteVersion({ files: [small, aRemoteFile()] })] }));
    let body: unknown;
    server.use(
      http.post("*/api/download", async ({ request }) => {
        body = await request.json();
        return answer({ ...aDownload({ url: aRemoteVersion().link, state: "queued" }), tasks: [], refused: [] }, 202);
      }),
    );
    const { user } = open("/discover?model=7");
    await user.click(await screen.findByRole("button", { name: "Download small.safetensors" }));
    const files = within(screen.getByRole("complementary", { name: "Model" }));
    expect(await files.findByText("In the queue")).toBeInTheDocument();
    expect(body).toMatchObject({ url: aRemoteVersion().link, file_id: "712" });
    expect(screen.getByRole("button", { name: "Download harbour.safetensors" })).toBeInTheDocument();
  });
});

describe("an open model", () => {
  test("shows its versions, words, files, description and licence, and closes again", async () => {
    opening(aRemoteModel());
    const { user, address } = open("/discover");
    await user.click(await screen.findByRole("link", { name: "Quiet Harbour 7" }));
    await waitFor(() => expect(address()).toBe("/discover?model=7"));
    const panel = await screen.findByRole("complementary", { name: "Model" });
    expect(await within(panel).findByRole("button", { name: /harbour light/ })).toBeInTheDocument();
    for (const text of ["Places at dusk.", "credit required", "harbour.safetensors"]) {
      expect(within(panel).getByText(text)).toBeInTheDocument();
    }
    await user.keyboard("{Escape}");
    await waitFor(() => expect(address()).toBe("/discover"));
  });

  test("marks the file that is here, and the version that has it", async () => {
    const old = aRemoteVersion({
      version_id: "70",
      name: "v1.0",
      files: [aRemoteFile({ here: 5 })],
      here: [{ id: 5, version_id: "70" }],
    });
    opening(aRemoteModel({ versions: [aRemoteVersion(), old] }));
    const { user } = open("/discover?model=7");
    const versions = await screen.findByRole("combobox", { name: "Version" });
    await user.selectOptions(versions, "v1.0 · Pony (in your library)");
    expect(await screen.findByRole("link", { name: "In your library" })).toHaveAttribute("href", "/models/5");
  });

  test("leads to all of its creator and to its tags", async () => {
    opening(aRemoteModel());
    const { user, address } = open("/discover?model=7");
    await user.click(await screen.findByRole("button", { name: "#style" }));
    await waitFor(() => expect(address()).toBe("/discover?tag=style&model=7"));
    await user.click(screen.getByRole("button", { name: "by harbour_master" }));
    await waitFor(() => expect(address()).toBe("/discover?tag=style&creator=harbour_master&model=7"));
  });

  test("beyond the bound is not shown, and says so", async () => {
    server.use(http.get("*/api/discover/:source/:id", () => refusal(403, "MATURE", "Rated above what you chose.")));
    open("/discover?model=7");
    expect(await screen.findByText("Rated above what you chose.")).toBeInTheDocument();
  });
});

describe("when a source does not answer", () => {
  test("because there is no connection, the page says what works all the same", async () => {
    refusing(502, "SOURCE_OFFLINE");
    const { user } = open("/discover");
    expect(await screen.findByText("Civitai cannot be reached")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Go to the library" })).toHaveAttribute("href", "/");
    finding([aFound()]);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await card("Quiet Harbour 7");
  });

  test("because it asks for a pause, it is not asked before that is over", async () => {
    refusing(502, "SOURCE_RATE_LIMITED", { retry_after_seconds: 1500 });
    open("/discover");
    expect(await screen.findByText("Civitai asks for a pause")).toBeInTheDocument();
    expect(screen.getByText(/can be asked again at \d/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Try again" })).toBeDisabled();
  });

  test.each([
    ["SOURCE_UNAVAILABLE", "Civitai does not answer as it should"],
    ["SOURCE_NEEDS_LOGIN", "Civitai asks for a key"],
    ["SOURCE_NOT_FOUND", "That did not work"],
  ])("because of %s, it says so in its own words", async (code, title) => {
    refusing(502, code);
    open("/discover");
    expect(await screen.findByText(title)).toBeInTheDocument();
    expect(screen.getByText("The source says no.")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Try again" })).toBeEnabled();
  });

  test("on the way, what was found stays", async () => {
    finding([aFound(), aFound({ model_id: "8" })], 1);
    const { user } = open("/discover");
    await card("Quiet Harbour 7");
    refusing(502, "SOURCE_OFFLINE");
    await user.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByText("Civitai cannot be reached")).toBeInTheDocument();
    expect(screen.getByRole("article", { name: "Quiet Harbour 7" })).toBeInTheDocument();
  });
});
