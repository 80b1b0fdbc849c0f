import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, test, vi } from "vitest";
import type { BulkResult } from "@/api/types";
import { aCollection, aModel } from "@/testing/examples";
import { message, open } from "@/testing/open";
import { answer, libraryWith, server } from "@/testing/server";

const three = [aModel({ id: 1 }), aModel({ id: 2 }), aModel({ id: 3 })];

const link = (id: number) => screen.getByText(`Velvet Dreams ${id}`).closest("a") as HTMLElement;
const bar = () => screen.findByRole("region", { name: "Selected models" });

/** Answers every change of many models, and notes what was asked for. */
function keepBulk(result: Partial<BulkResult> = {}) {
  const said: unknown[] = [];
  const answered = { changed: 2, unchanged: 0, failures: [], previous: [], ...result };
  server.use(
    http.post("*/api/models/bulk", async ({ request }) => {
      said.push(await request.json());
      return answer(answered);
    }),
    http.post("*/api/models/bulk/restore", async ({ request }) => {
      said.push(await request.json());
      return answer({ ...answered, failures: [] });
    }),
  );
  return said;
}

async function openThree(address = "/", part: Parameters<typeof libraryWith>[0] = {}) {
  server.use(...libraryWith({ models: three, ...part }));
  const opened = open(address);
  await screen.findByText("Velvet Dreams 1");
  return opened;
}

describe("selecting models", () => {
  test("their boxes, Ctrl and Shift select one more or all between, and say how many", async () => {
    const { user, address } = await openThree();
    await user.click(screen.getByRole("checkbox", { name: "Select Velvet Dreams 1" }));
    expect(await bar()).toHaveTextContent("1 selected");
    fireEvent.click(link(3), { shiftKey: true });
    expect(await bar()).toHaveTextContent("3 selected");
    fireEvent.click(link(2), { ctrlKey: true });
    expect(await bar()).toHaveTextContent("2 selected");
    expect(screen.getByRole("checkbox", { name: "Select Velvet Dreams 2" })).not.toBeChecked();
    expect(screen.getByRole("checkbox", { name: "Select Velvet Dreams 3" })).toBeChecked();
    expect(address()).toBe("/");
  });

  test("Space selects the card that has the focus, Shift with an arrow extends, Escape clears", async () => {
    const { user } = await openThree();
    link(1).focus();
    await user.keyboard(" ");
    expect(await bar()).toHaveTextContent("1 selected");
    await user.keyboard("{Shift>}{ArrowRight}{/Shift}");
    expect(await bar()).toHaveTextContent("2 selected");
    expect(link(2)).toHaveFocus();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("region", { name: "Selected models" })).toBeNull();
  });

  test("Shift with nothing selected begins where the focus is", async () => {
    const { user } = await openThree();
    link(2).focus();
    await user.keyboard("{Shift>}{ArrowRight}{/Shift}");
    expect(await bar()).toHaveTextContent("2 selected");
    expect(screen.getByRole("checkbox", { name: "Select Velvet Dreams 1" })).not.toBeChecked();
  });

  test("Ctrl+A selects all that are found, but in a field its text", async () => {
    const { user } = await openThree();
    await user.keyboard("{Control>}a{/Control}");
    expect(await bar()).toHaveTextContent("3 selected");
    expect(screen.queryByRole("button", { name: /Select all/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Clear the selection" }));
    await user.click(screen.getByRole("combobox", { name: "Search models" }));
    await user.keyboard("{Control>}a{/Control}");
    expect(screen.queryByRole("region", { name: "Selected models" })).toBeNull();
  });

  test("all of a list that is not fetched to its end are changed by the filter that finds them", async () => {
    const said = keepBulk({ changed: 12_000, previous: null });
    server.use(
      http.get("*/api/models", async ({ request }) => {
        if (new URL(request.url).searchParams.get("offset")) await delay("infinite");
        return answer({ items: three, total: 12_000, next_cursor: "next" });
      }),
    );
    const { user } = open("/?q=ink&type=lora");
    await screen.findByText("Velvet Dreams 1");
    await user.click(screen.getByRole("checkbox", { name: "Select Velvet Dreams 1" }));
    await user.click(await screen.findByRole("button", { name: "Select all 12,000" }));
    expect(await bar()).toHaveTextContent("12,000 selected");
    await user.click(screen.getByRole("button", { name: "Rating" }));
    await user.click(await screen.findByRole("menuitem", { name: "★★★★" }));
    const wanted = { q: "ink", types: ["lora"], base_models: [], tags: [], category: null, folder: null };
    await waitFor(() => expect(said).toEqual([{ wanted, change: { rating: 4 } }]));
    expect((await message("12,000 models changed")).getByText("Too many to take back at once.")).toBeInTheDocument();
  });

  test("begins anew with other filters", async () => {
    const { user } = await openThree();
    await user.click(screen.getByRole("checkbox", { name: "Select Velvet Dreams 1" }));
    await bar();
    await user.click(screen.getByRole("checkbox", { name: /Checkpoint/ }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Selected models" })).toBeNull());
  });
});

describe("what is said of the selected models", () => {
  async function selectTwo(part: Parameters<typeof libraryWith>[0] = {}) {
    const opened = await openThree("/", part);
    await opened.user.click(screen.getByRole("checkbox", { name: "Select Velvet Dreams 1" }));
    await opened.user.click(screen.getByRole("checkbox", { name: "Select Velvet Dreams 2" }));
    await bar();
    return opened;
  }

  test("is shown at once, told, and taken back on request", async () => {
    const previous = [{ model_id: 1, favorite: false }];
    const said = keepBulk({ changed: 1, previous: previous as never });
    const { user } = await selectTwo();
    await user.click(within(await bar()).getByRole("button", { name: "Favourite" }));
    await user.click(await screen.findByRole("menuitem", { name: "Mark as favourites" }));
    await user.click((await message("1 model changed")).getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Taken back for 1 model")).toBeInTheDocument();
    expect(said).toEqual([{ model_ids: [1, 2], change: { favorite: true } }, { restore: previous }]);
  });

  test("is told where it was so already", async () => {
    keepBulk({ changed: 0, unchanged: 2 });
    const { user } = await selectTwo();
    await user.click(within(await bar()).getByRole("button", { name: "Favourite" }));
    await user.click(await screen.findByRole("menuitem", { name: "Mark as favourites" }));
    expect(await screen.findByText("Nothing to change: they are so already.")).toBeInTheDocument();
  });

  test("may be how mature they are, or that the source is believed again", async () => {
    const said = keepBulk();
    const { user } = await selectTwo();
    for (const choice of ["PG-13", "What the source says"]) {
      await user.click(within(await bar()).getByRole("button", { name: "Maturity" }));
      await user.click(await screen.findByRole("menuitem", { name: choice }));
    }
    const model_ids = [1, 2];
    await waitFor(() =>
      expect(said).toEqual([
        { model_ids, change: { own_mature_level: "pg13" } },
        { model_ids, change: { own_mature_level: null } },
      ]),
    );
  });

  test("names each model that could not be changed, and why", async () => {
    keepBulk({ changed: 1, failures: [{ model_id: 2, code: "TOO_MANY_TAGS", error: "It has 200 tags." }] });
    const { user } = await selectTwo();
    await user.click(within(await bar()).getByRole("button", { name: "Tags" }));
    await user.type(await screen.findByRole("textbox", { name: "Add tags" }), "to try{Enter}");
    const told = await message("1 model changed, 1 not");
    expect(told.getByText("Velvet Dreams 2: It has 200 tags.")).toBeInTheDocument();
  });

  test("tags are added and removed together", async () => {
    const said = keepBulk();
    const { user } = await selectTwo();
    await user.click(within(await bar()).getByRole("button", { name: "Tags" }));
    await user.type(await screen.findByRole("textbox", { name: "Add tags" }), "one, two");
    await user.type(screen.getByRole("textbox", { name: "Remove tags" }), "three");
    await user.click(screen.getByRole("button", { name: "Change tags" }));
    const change = { add_tags: ["one", "two"], remove_tags: ["three"] };
    await waitFor(() => expect(said).toEqual([{ model_ids: [1, 2], change }]));
  });

  test("type and base model are set, and given back to what the file says", async () => {
    const said = keepBulk();
    const { user } = await selectTwo();
    const button = within(await bar()).getByRole("button", { name: "Type and base model" });
    await user.click(button);
    await user.click(await screen.findByRole("menuitem", { name: "Base model…" }));
    await user.type(await screen.findByRole("textbox", { name: "Base model" }), "Pony{Enter}");
    await waitFor(() => expect(said).toEqual([{ model_ids: [1, 2], change: { own_base_model: "Pony" } }]));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click(button);
    await user.keyboard("{ArrowDown}{ArrowRight}");
    await user.click(await screen.findByRole("menuitem", { name: "What the file says" }));
    await waitFor(() => expect(said.at(-1)).toEqual({ model_ids: [1, 2], change: { own_type: null } }));
  });

  test("they go into a collection, also into one that is made for them", async () => {
    const said = keepBulk();
    server.use(http.post("*/api/collections", () => answer(aCollection({ id: 9 }), 201)));
    const { user } = await selectTwo({ collections: [aCollection({ id: 4 })] });
    const button = within(await bar()).getByRole("button", { name: "Collection" });
    await user.click(button);
    await user.click(await screen.findByRole("menuitem", { name: "Best of" }));
    await waitFor(() => expect(said).toEqual([{ model_ids: [1, 2], change: { add_to_collection: 4 } }]));
    await user.click(button);
    await user.click(await screen.findByRole("menuitem", { name: "New collection…" }));
    await user.type(await screen.findByRole("textbox", { name: "Name of the collection" }), "To try{Enter}");
    await waitFor(() => expect(said.at(-1)).toEqual({ model_ids: [1, 2], change: { add_to_collection: 9 } }));
  });

  test("leaves the focus where it was when its dialog closes", async () => {
    const { user } = await openThree();
    await user.click(screen.getByRole("checkbox", { name: "Select Velvet Dreams 1" }));
    const tags = within(await bar()).getByRole("button", { name: "Tags" });
    await user.click(tags);
    await screen.findByRole("dialog", { name: "Tags of the selected models" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(tags).toHaveFocus());
  });
});

describe("the menu of a model", () => {
  const inkWash = aModel({ id: 1, trigger_words: ["ink wash", "1girl"] });

  async function openMenu() {
    const opened = await openThree("/", { models: [inkWash, aModel({ id: 2, type: "vae" })] });
    const writeText = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    fireEvent.contextMenu(link(1));
    return { ...opened, writeText, menu: await screen.findByRole("menu", { name: "Velvet Dreams 1" }) };
  }

  test("copies what is needed elsewhere", async () => {
    const { user, writeText } = await openMenu();
    for (const [name, text] of [
      ["Copy the trigger words", "ink wash, 1girl"],
      ["Copy what loads it in a prompt", "<lora:velvet_dreams_1:1>"],
      ["Copy the path", "/models/loras/velvet_dreams_1.safetensors"],
      ["Copy SHA-256", "ab".repeat(32)],
    ] as const) {
      if (!screen.queryByRole("menu")) fireEvent.contextMenu(link(1));
      await user.click(await screen.findByRole("menuitem", { name }));
      await waitFor(() => expect(writeText).toHaveBeenLastCalledWith(text));
    }
  });

  test("is for the keyboard too: arrows go through it, Escape gives the focus back", async () => {
    const { user, menu } = await openMenu();
    expect(menu).toHaveFocus();
    await user.keyboard("{ArrowDown}");
    expect(screen.getByRole("menuitem", { name: /^Open/ })).toHaveFocus();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(link(1)).toHaveFocus());
    expect(screen.queryByRole("menu")).toBeNull();
  });

  test("a favourite that cannot be said to the server loses its heart again", async () => {
    const { user } = await openMenu();
    server.use(
      http.post("*/api/models/bulk", () => HttpResponse.error()),
      http.get("*/api/models", () => HttpResponse.error()),
    );
    await user.click(screen.getByRole("menuitemcheckbox", { name: "Favourite" }));
    await message("The server does not answer.");
    await waitFor(() => expect(within(link(1)).queryByRole("img", { name: "Favourite" })).toBeNull());
  });

  test("opens, marks as a favourite and selects", async () => {
    const said = keepBulk();
    const { user, address } = await openMenu();
    await user.click(screen.getByRole("menuitemcheckbox", { name: "Favourite" }));
    await waitFor(() => expect(said).toEqual([{ model_ids: [1], change: { favorite: true } }]));
    fireEvent.contextMenu(link(1));
    await user.click(await screen.findByRole("menuitem", { name: "Select" }));
    expect(await bar()).toHaveTextContent("1 selected");
    fireEvent.contextMenu(link(1));
    await user.click(await screen.findByRole("menuitem", { name: /^Open/ }));
    await waitFor(() => expect(address()).toBe("/models/1"));
  });

  test("rates it", async () => {
    const said = keepBulk();
    const { user } = await openMenu();
    screen.getByRole("menuitem", { name: "Rate" }).focus();
    await user.keyboard("{ArrowRight}");
    await user.click(await screen.findByRole("menuitem", { name: "★★★★" }));
    await waitFor(() => expect(said).toEqual([{ model_ids: [1], change: { rating: 4 } }]));
  });

  test("of one among several selected says of all what can be said of many", async () => {
    const said = keepBulk();
    const { user } = await openThree();
    await user.keyboard("{Control>}a{/Control}");
    await bar();
    fireEvent.contextMenu(link(2));
    await user.click(await screen.findByRole("menuitem", { name: "Mark 3 as favourites" }));
    await waitFor(() => expect(said).toEqual([{ model_ids: [1, 2, 3], change: { favorite: true } }]));
  });

  test("offers nothing that a model does not have", async () => {
    const { user } = await openMenu();
    await user.keyboard("{Escape}");
    fireEvent.contextMenu(link(2));
    await screen.findByRole("menu", { name: "Velvet Dreams 2" });
    expect(screen.queryByRole("menuitem", { name: "Copy the trigger words" })).toBeNull();
    expect(screen.queryByRole("menuitem", { name: "Copy what loads it in a prompt" })).toBeNull();
  });
});

describe("the table", () => {
  test("shows the same models with their facts, and is kept as a choice", async () => {
    const { user } = await openThree("/", { models: [aModel({ rating: 4, favorite: true })] });
    await user.click(screen.getByRole("radio", { name: "List" }));
    const row = await screen.findByRole("row", { name: /Velvet Dreams 1/ });
    expect(row).toHaveTextContent("LoRA");
    expect(row).toHaveTextContent("SDXL 1.0");
    expect(row).toHaveTextContent("228 MB");
    expect(within(row).getByRole("img", { name: "Rated 4 of 5" })).toBeInTheDocument();
    expect(localStorage.getItem("sdmm.density")).toBe("list");
  });

  test("is sorted at its heads, the largest and the newest first", async () => {
    localStorage.setItem("sdmm.density", "list");
    const { user, address } = await openThree();
    const head = (name: string) => screen.getByRole("columnheader", { name });
    await waitFor(() => expect(head("Added")).toHaveAttribute("aria-sort", "descending"));
    await user.click(within(head("Size")).getByRole("button"));
    expect(address()).toBe("/?sort=-size_bytes");
    await user.click(within(head("Size")).getByRole("button"));
    expect(address()).toBe("/?sort=size_bytes");
    await user.click(within(head("Name")).getByRole("button"));
    expect(address()).toBe("/?sort=name");
    expect(head("Name")).toHaveAttribute("aria-sort", "ascending");
    await user.click(within(head("Rating")).getByRole("button"));
    expect(address()).toBe("/?sort=-rating");
    expect(screen.getByRole("combobox", { name: "Sort by" })).toHaveDisplayValue("Best rated first");
    await user.click(within(head("Base model")).getByRole("button"));
    expect(address()).toBe("/?sort=base_model");
    await user.click(within(head("Type")).getByRole("button"));
    await user.click(within(head("Type")).getByRole("button"));
    expect(address()).toBe("/?sort=-type");
  });

  test("its head selects everything and nothing, and is half ticked in between", async () => {
    localStorage.setItem("sdmm.density", "list");
    const { user } = await openThree();
    const all = await screen.findByRole("checkbox", { name: "Select all" });
    await user.click(screen.getByRole("checkbox", { name: "Select Velvet Dreams 2" }));
    expect(all).toBePartiallyChecked();
    expect(await bar()).toHaveTextContent("1 selected 228 MB in all");
    await user.click(all);
    expect(all).toBeChecked();
    await waitFor(() => expect(screen.getByText("684 MB in all")).toBeInTheDocument());
    await user.click(all);
    expect(all).not.toBeChecked();
    expect(screen.queryByRole("region", { name: "Selected models" })).toBeNull();
  });

  test("has the keys, boxes and menus of the cards", async () => {
    localStorage.setItem("sdmm.density", "list");
    const said = keepBulk();
    const { user, address } = await openThree();
    await screen.findByRole("table", { name: "Models" });
    link(1).focus();
    await user.keyboard("{ArrowDown} ");
    expect(link(2)).toHaveFocus();
    expect(await bar()).toHaveTextContent("1 selected");
    await user.keyboard("f");
    await waitFor(() => expect(said).toEqual([{ model_ids: [2], change: { favorite: true } }]));
    fireEvent.contextMenu(link(2));
    await screen.findByRole("menu", { name: "Velvet Dreams 2" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(link(2)).toHaveFocus());
    await user.keyboard("{Enter}");
    expect(address()).toBe("/models/2");
  });
});
