import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { aCollection, aModel, aSearch } from "@/testing/examples";
import { message, open } from "@/testing/open";
import { answer, libraryWith, refusal, server, tell } from "@/testing/server";

const box = () => screen.findByRole("combobox", { name: "Search models" });

interface Completing {
  text: string;
  start: number;
  end: number;
  kind: string;
  count: number | null;
}

/** Completes each of these texts so, and nothing else; notes where each was asked. */
function completeWith(known: Record<string, Completing[]>): { q: string | null; position: number }[] {
  const asked: { q: string | null; position: number }[] = [];
  server.use(
    http.get("*/api/models/complete", ({ request }) => {
      const params = new URL(request.url).searchParams;
      asked.push({ q: params.get("q"), position: Number(params.get("position")) });
      return answer(known[params.get("q") ?? ""] ?? []);
    }),
  );
  return asked;
}

describe("completion while typing", () => {
  const type: Completing = { text: "type:", start: 4, end: 6, kind: "field", count: null };
  const values: Completing[] = [
    { text: "lora", start: 9, end: 9, kind: "type", count: 17 },
    { text: "vae", start: 9, end: 9, kind: "type", count: 2 },
  ];

  test("calls nothing wrong that is still being completed", async () => {
    const problem = "The search cannot be read at character 6: a type is missing.";
    server.use(...libraryWith({ models: [aModel()] }));
    server.use(
      http.get("*/api/models", ({ request }) =>
        new URL(request.url).searchParams.get("q") === "type:" ? refusal(400, "BAD_QUERY", problem) : undefined,
      ),
    );
    completeWith({ "type:": values });
    const { user } = open("/");
    const field = await box();
    await user.type(field, "type:");
    await screen.findByRole("option", { name: /lora/ });
    expect(field).toBeValid();
    await user.keyboard("{Escape}");
    expect(await screen.findByText(problem)).toBeInTheDocument();
  });

  test("offers fields and then their values with counts, and the keyboard takes one", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    completeWith({ "ink ty": [type], "ink type:": values });
    const { user } = open("/");
    const field = await box();
    await user.type(field, "ink ty");
    await screen.findByRole("option", { name: "type:" });
    expect(field).toHaveAttribute("aria-expanded", "true");
    await user.keyboard("{ArrowDown}");
    expect(screen.getByRole("option", { name: "type:" })).toHaveAttribute("aria-selected", "true");
    expect(field).toHaveAttribute("aria-activedescendant", screen.getByRole("option", { name: "type:" }).id);
    await user.keyboard("{Enter}");
    expect(field).toHaveValue("ink type:");
    await screen.findByRole("option", { name: /vae 2|vae2/ });
    await user.keyboard("{ArrowUp}{Tab}");
    expect(field).toHaveValue("ink type:vae");
    expect(field).toHaveFocus();
    expect(field).toHaveAttribute("aria-expanded", "false");
  });

  test("replaces exactly what it completes, in the middle of a query and behind a wide character", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    const asked = completeWith({ "🖌 ty wash": [{ ...type, start: 2, end: 4 }] });
    const { user } = open("/?q=%F0%9F%96%8C%20t%20wash");
    const field = (await box()) as HTMLInputElement;
    field.focus();
    field.setSelectionRange(4, 4);
    await user.type(field, "y", { initialSelectionStart: 4, initialSelectionEnd: 4 });
    await user.click(await screen.findByRole("option", { name: "type:" }));
    expect(asked[0]).toEqual({ q: "🖌 ty wash", position: 4 });
    expect(field).toHaveValue("🖌 type: wash");
    expect(field.selectionStart).toBe("🖌 type:".length);
  });

  test("Escape closes the list and keeps the text; Enter without a choice searches at once", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    completeWith({ ty: [{ ...type, start: 0, end: 2 }] });
    const { user, address } = open("/");
    const field = await box();
    await user.type(field, "ty");
    await screen.findByRole("option", { name: "type:" });
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("option", { name: "type:" })).toBeNull();
    expect(field).toHaveValue("ty");
    await user.keyboard("{Enter}");
    expect(address()).toBe("/?q=ty");
  });

  test("arrow down offers what may stand there without typing", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    completeWith({ "": [{ ...type, start: 0, end: 0 }] });
    const { user } = open("/");
    await user.click(await box());
    expect(screen.queryByRole("option", { name: "type:" })).toBeNull();
    await user.keyboard("{ArrowDown}");
    expect(await screen.findByRole("option", { name: "type:" })).toBeInTheDocument();
  });
});

test("where nothing is found, the library's own spelling is one click away", async () => {
  server.use(
    http.get("*/api/models", ({ request }) =>
      new URL(request.url).searchParams.get("q") === "tidepol"
        ? answer({ items: [], total: 0, next_cursor: null, did_you_mean: "tidepool" })
        : answer({ items: [aModel()], total: 1, next_cursor: null, did_you_mean: null }),
    ),
  );
  const { user, address } = open("/?q=tidepol&type=lora");
  await user.click(await screen.findByRole("link", { name: "tidepool" }));
  expect(address()).toBe("/?q=tidepool&type=lora");
  expect(await screen.findByText("Velvet Dreams 1")).toBeInTheDocument();
});

/** Notes every request that changes something, as method, path and body. */
function watchChanges(path: string, answered: (body: unknown) => Response): [string, unknown][] {
  const said: [string, unknown][] = [];
  server.use(
    http.all(path, async ({ request }) => {
      if (request.method === "GET") return;
      const body = request.method === "DELETE" ? null : await request.json();
      said.push([`${request.method} ${new URL(request.url).pathname}`, body]);
      return answered(body);
    }),
  );
  return said;
}

test("what is typed while a search is under way stays", async () => {
  server.use(...libraryWith({ models: [aModel()] }));
  const { user, address } = open("/");
  const field = await box();
  await user.type(field, "ink");
  await waitFor(() => expect(address()).toBe("/?q=ink"));
  await user.type(field, " wash");
  await waitFor(() => expect(address()).toBe("/?q=ink+wash"));
  expect(field).toHaveValue("ink wash");
});

describe("saved searches", () => {
  const wanted = { q: "ink", types: ["lora"], base_models: [], tags: [], category: null, folder: null };

  test("keep words, filters and order under a name", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    const said = watchChanges("*/api/searches", () => answer(aSearch(), 201));
    const { user } = open("/?q=ink&type=lora&sort=name");
    await user.click(await screen.findByRole("button", { name: "Save this search" }));
    const name = await screen.findByRole("textbox", { name: "Name of the search" });
    expect(name).toHaveValue("ink");
    await user.clear(name);
    await user.type(name, "Ink{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(said).toEqual([["POST /api/searches", { name: "Ink", wanted: { ...wanted, sort: "name" } }]]);
  });

  test("a name that is taken is refused beside the field, in the server's words", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    watchChanges("*/api/searches", () => refusal(409, "NAME_TAKEN", "There is a search 'ink'; choose another name."));
    const { user } = open("/?q=ink");
    await user.click(await screen.findByRole("button", { name: "Save this search" }));
    const name = await screen.findByRole("textbox", { name: "Name of the search" });
    await user.type(name, "{Enter}");
    await waitFor(() => expect(name).toHaveAccessibleDescription("There is a search 'ink'; choose another name."));
    expect(name).toBeInvalid();
  });

  test("lead to what they were saved for, and say which of them is shown", async () => {
    const searches = [aSearch({ name: "Ink LoRAs", wanted: { ...wanted, sort: "-size_bytes" } })];
    server.use(...libraryWith({ models: [aModel()], searches }));
    const { user, address } = open("/");
    const link = await screen.findByRole("link", { name: "Ink LoRAs" });
    await user.click(link);
    expect(address()).toBe("/?q=ink&type=lora&sort=-size_bytes");
    expect(screen.getByRole("link", { name: "Ink LoRAs" })).toHaveAttribute("aria-current", "true");
  });

  test("are renamed, and deleted with a way back to where they stood", async () => {
    const search = aSearch({ id: 7, position: 3, wanted: { ...wanted, sort: null } });
    server.use(...libraryWith({ models: [aModel()], searches: [search] }));
    const said = watchChanges("*/api/searches*", () => answer(aSearch({ id: 8 })));
    const saidOfOne = watchChanges("*/api/searches/:id", () => answer(aSearch({ id: 8 })));
    const { user } = open("/");
    const more = await screen.findByRole("button", { name: "More for Large ones" });
    await user.click(more);
    await user.click(await screen.findByRole("menuitem", { name: "Rename…" }));
    const name = await screen.findByRole("textbox", { name: "Name of the search" });
    await user.clear(name);
    await user.type(name, "Huge ones{Enter}");
    await waitFor(() => expect(saidOfOne).toEqual([["PATCH /api/searches/7", { name: "Huge ones" }]]));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.click(more);
    await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
    await user.click((await message("Deleted: Large ones")).getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(saidOfOne.at(-1)).toEqual(["PATCH /api/searches/8", { position: 3 }]));
    expect(said).toEqual([["POST /api/searches", { name: "Large ones", wanted: { ...wanted, sort: "-added_at" } }]]);
  });

  test("follow what other pages do", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    open("/");
    await screen.findByText("Velvet Dreams 1");
    server.use(http.get("*/api/searches", () => answer([aSearch()])));
    tell({ type: "searches_changed" });
    expect(await screen.findByRole("link", { name: "Large ones" })).toBeInTheDocument();
  });
});

describe("what is looked for most", () => {
  test("is written into the search with a click, and taken out with another", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    const { user, address } = open("/?q=ink");
    const favorites = await screen.findByRole("button", { name: "Favourites" });
    await user.click(favorites);
    expect(address()).toBe("/?q=ink+is%3Afavorite");
    expect(favorites).toHaveAttribute("aria-pressed", "true");
    expect(await box()).toHaveValue("ink is:favorite");
    await user.click(favorites);
    expect(address()).toBe("/?q=ink");
  });

  test("missing and offline together show either", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    const { user } = open("/");
    await user.click(await screen.findByRole("button", { name: "Missing" }));
    await user.click(screen.getByRole("button", { name: "Offline" }));
    expect(await box()).toHaveValue("is:missing,offline");
  });
});

describe("collections", () => {
  const sidebar = () => within(screen.getByRole("complementary", { name: "Filters" }));

  test("show what is in them with a click, whatever their name", async () => {
    server.use(...libraryWith({ models: [aModel()], collections: [aCollection({ name: 'The "best", ever' })] }));
    const { user } = open("/");
    const row = await screen.findByRole("button", { name: /^The "best", ever/ });
    await user.click(row);
    expect(await box()).toHaveValue('collection:"The ""best"", ever"');
    expect(row).toHaveAttribute("aria-pressed", "true");
  });

  test("are made under a name", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    const said = watchChanges("*/api/collections", () => answer(aCollection(), 201));
    const { user } = open("/");
    await user.click(await screen.findByRole("button", { name: "New collection" }));
    await user.type(await screen.findByRole("textbox", { name: "Name of the collection" }), "Best of{Enter}");
    await waitFor(() => expect(said).toEqual([["POST /api/collections", { name: "Best of", notes: "" }]]));
  });

  test("are renamed, and the search follows the name", async () => {
    server.use(...libraryWith({ models: [aModel()], collections: [aCollection({ id: 4 })] }));
    const said = watchChanges("*/api/collections/4", () => answer(aCollection({ id: 4, name: "Better" })));
    const { user } = open("/?q=ink+collection%3A%22best+of%22");
    await user.click(await screen.findByRole("button", { name: "More for Best of" }));
    await user.click(await screen.findByRole("menuitem", { name: "Rename…" }));
    const name = await screen.findByRole("textbox", { name: "Name of the collection" });
    await user.clear(name);
    await user.type(name, "Better{Enter}");
    await waitFor(() => expect(said).toEqual([["PATCH /api/collections/4", { name: "Better" }]]));
    await waitFor(async () => expect(await box()).toHaveValue("ink collection:Better"));
  });

  test("are deleted with a way back, their models in the order they had", async () => {
    server.use(
      ...libraryWith({ models: [aModel()], collections: [aCollection({ id: 4 })] }),
      http.get("*/api/collections/4", () => answer({ ...aCollection({ id: 4 }), model_ids: [3, 1] })),
    );
    const said = watchChanges("*/api/collections/:id", () => answer(null));
    const made = watchChanges("*/api/collections", () => answer(aCollection({ id: 5 }), 201));
    const filled = watchChanges("*/api/collections/5/models", () =>
      answer({ changed: 2, unchanged: 0, failures: [], previous: null }),
    );
    const { user } = open("/");
    await user.click(await screen.findByRole("button", { name: "More for Best of" }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
    await user.click((await message("Deleted: Best of")).getByRole("button", { name: "Undo" }));
    expect(said).toEqual([["DELETE /api/collections/4", null]]);
    expect(made).toEqual([["POST /api/collections", { name: "Best of", notes: "" }]]);
    await waitFor(() => expect(filled).toEqual([["POST /api/collections/5/models", { model_ids: [3, 1] }]]));
  });

  test("follow what other pages do", async () => {
    server.use(...libraryWith({ models: [aModel()] }));
    open("/");
    await screen.findByText("Velvet Dreams 1");
    server.use(http.get("*/api/collections", () => answer([aCollection()])));
    tell({ type: "collections_changed" });
    expect(await sidebar().findByRole("button", { name: /^Best of/ })).toBeInTheDocument();
  });
});
