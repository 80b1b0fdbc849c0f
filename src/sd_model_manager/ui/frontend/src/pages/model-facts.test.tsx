import { i18n } from "@lingui/core";
import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import type { ModelChange } from "@/api/types";
import { messages } from "@/locales/ja.po";
import { aCollection, aModel, aModelDetail } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, server } from "@/testing/server";

const user = aModelDetail().user;

function openModel(part: Parameters<typeof aModelDetail>[0], library: Parameters<typeof libraryWith>[0] = {}) {
  const said: ModelChange[] = [];
  server.use(
    ...libraryWith({ models: [aModel()], ...library }),
    http.get("*/api/models/1", () => answer(aModelDetail(part))),
    http.patch("*/api/models/1", async ({ request }) => {
      const change = (await request.json()) as ModelChange;
      said.push(change);
      const { own_name = null, own_type = null, own_base_model = null } = change;
      return answer(
        aModelDetail({
          name: own_name ?? "Velvet Dreams 1",
          type: own_type ?? "lora",
          base_model: own_base_model ?? "SDXL 1.0",
          user: { ...user, own_name, own_type, own_base_model },
        }),
      );
    }),
  );
  return { ...open("/models/1"), said };
}

const panel = async () => within(await screen.findByRole("complementary", { name: "Model" }));

describe("the user's word on a model", () => {
  test("gives it a name, which its card has at once", async () => {
    const { user, said } = openModel({});
    const name = await screen.findByRole("textbox", { name: "Name" });
    await user.clear(name);
    await user.type(name, "Velvet, soft{Enter}");
    await waitFor(() => expect(said).toEqual([{ own_name: "Velvet, soft" }]));
    expect(await screen.findByRole("link", { name: /Velvet, soft/ })).toBeInTheDocument();
    expect(screen.getByRole("heading", { name: "Velvet, soft" })).toBeInTheDocument();
  });

  test("an empty name or Escape changes nothing", async () => {
    const { user, said } = openModel({});
    const name = await screen.findByRole("textbox", { name: "Name" });
    await user.clear(name);
    await user.tab();
    expect(name).toHaveValue("Velvet Dreams 1");
    await user.type(name, " more{Escape}");
    expect(name).toHaveValue("Velvet Dreams 1");
    await user.tab();
    expect(said).toEqual([]);
  });

  test("on type and base model is shown beside what the file says, and taken back", async () => {
    const own = { ...user, own_type: "checkpoint" as const, own_base_model: "Pony" };
    const { user: person, said } = openModel({
      type: "checkpoint",
      base_model: "Pony",
      user: own,
      identity: { ...aModelDetail().identity, type: "lora", base_model: "SDXL 1.0" },
    });
    expect(await screen.findByText("The file says: LoRA")).toBeInTheDocument();
    expect(screen.getByText("The file says: SDXL 1.0")).toBeInTheDocument();
    expect(screen.getByRole("combobox", { name: "Type" })).toHaveValue("checkpoint");
    await person.click(screen.getByRole("button", { name: "Type: take yours back" }));
    await waitFor(() => expect(said).toEqual([{ own_type: null }]));
    await waitFor(() => expect(screen.queryByText("The file says: LoRA")).toBeNull());
  });

  test("chooses a type, and a base model that is written freely", async () => {
    const { user, said } = openModel({});
    await user.selectOptions(await screen.findByRole("combobox", { name: "Type" }), "VAE");
    await waitFor(() => expect(said).toEqual([{ own_type: "vae" }]));
    const baseModel = screen.getByRole("combobox", { name: "Base model" });
    await user.clear(baseModel);
    await user.type(baseModel, "Krea 2{Enter}");
    await waitFor(() => expect(said.at(-1)).toEqual({ own_base_model: "Krea 2" }));
  });
});

describe("what a file is taken for", () => {
  const evidence = ["SDXL: changes cross attention of width 2048", "SDXL: as an earlier version saw it"];

  test("is explained in Japanese, and in English where there are no words for it", async () => {
    i18n.loadAndActivate({ locale: "ja", messages });
    openModel({ identity: { ...aModelDetail().identity, evidence } });
    const told = await screen.findByText("SDXL: 幅 2048 のクロスアテンションを変更");
    expect(told).not.toHaveAttribute("lang");
    expect(screen.getByText("SDXL: as an earlier version saw it")).toHaveAttribute("lang", "en");
  });
});

describe("the collections of a model", () => {
  const [best, other] = [aCollection({ id: 4 }), aCollection({ id: 5, name: "To try" })];

  async function openInBest() {
    const changes: unknown[] = [];
    server.use(
      http.get("*/api/collections/4", () => answer({ ...best, model_ids: [1, 2] })),
      http.get("*/api/collections/5", () => answer({ ...other, model_ids: [2] })),
      http.post("*/api/models/bulk", async ({ request }) => {
        changes.push(await request.json());
        return answer({ changed: 1, unchanged: 0, failures: [], previous: [] });
      }),
    );
    return { ...openModel({}, { collections: [best, other] }), changes };
  }

  test("lead to what else is in them, and are left with a click and a way back", async () => {
    const { user, changes } = await openInBest();
    const model = await panel();
    expect(await model.findByRole("link", { name: "Best of" })).toHaveAttribute(
      "href",
      "/?q=collection%3A%22Best+of%22",
    );
    expect(model.queryByRole("link", { name: "To try" })).toBeNull();
    await user.click(model.getByRole("button", { name: "Take it out of Best of" }));
    await waitFor(() => expect(changes).toEqual([{ model_ids: [1], change: { remove_from_collection: 4 } }]));
    await user.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(changes.at(-1)).toEqual({ model_ids: [1], change: { add_to_collection: 4 } }));
  });

  test("those it is not in are offered", async () => {
    const { user, changes } = await openInBest();
    const model = await panel();
    await model.findByRole("link", { name: "Best of" });
    await user.click(model.getByRole("button", { name: "Add to a collection" }));
    expect(screen.queryByRole("menuitem", { name: "Best of" })).toBeNull();
    await user.click(await screen.findByRole("menuitem", { name: "To try" }));
    await waitFor(() => expect(changes).toEqual([{ model_ids: [1], change: { add_to_collection: 5 } }]));
  });
});
