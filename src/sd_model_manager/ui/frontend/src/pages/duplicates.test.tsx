import { screen, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { aModel, aModelDetail } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, server } from "@/testing/server";

const twice = aModel({ id: 4, duplicates: 1 });

function detailOf(model: typeof twice) {
  const [place] = aModelDetail(model).locations;
  if (!place) throw new Error("The example has no place.");
  const locations = [place, { ...place, id: 2, path: "/models/to sort/ink.safetensors", state: "missing" as const }];
  return aModelDetail({ ...model, locations });
}

describe("duplicates", () => {
  test("every place of a content is listed with what the further ones take", async () => {
    const asked: (string | null)[] = [];
    server.use(
      http.get("*/api/models", ({ request }) => {
        asked.push(new URL(request.url).searchParams.get("q"));
        return answer({ items: [twice], total: 1, next_cursor: null });
      }),
      http.get("*/api/models/4", () => answer(detailOf(twice))),
    );
    open("/duplicates");
    const list = await screen.findByRole("list", { name: "Models with further copies" });
    expect(within(list).getByRole("link", { name: "Velvet Dreams 4" })).toHaveAttribute("href", "/models/4");
    expect(list).toHaveTextContent("2 places");
    expect(list).toHaveTextContent("228 MB more than needed");
    expect(await within(list).findByText("/models/to sort/ink.safetensors")).toBeInTheDocument();
    expect(within(list).getByText("Missing")).toBeInTheDocument();
    expect(asked).toEqual(["is:duplicate"]);
  });

  test("the folder of a copy is put on the clipboard", async () => {
    server.use(
      ...libraryWith({ models: [twice] }),
      http.get("*/api/models/4", () => answer(detailOf(twice))),
    );
    const { user } = open("/duplicates");
    await user.click(await screen.findByRole("button", { name: "Copy the path of the folder /models/to sort" }));
    expect(await navigator.clipboard.readText()).toBe("/models/to sort");
  });

  test("a library without copies is told so", async () => {
    open("/duplicates");
    expect(await screen.findByText("No model lies in two places")).toBeInTheDocument();
  });

  test("further ones are asked for by the user", async () => {
    server.use(
      http.get("*/api/models", ({ request }) => {
        const cursor = new URL(request.url).searchParams.get("cursor");
        const items = [cursor ? aModel({ id: 5, duplicates: 2 }) : twice];
        return answer({ items, total: 2, next_cursor: cursor ? null : "next" });
      }),
      http.get("*/api/models/4", () => answer(detailOf(twice))),
      http.get("*/api/models/5", () => answer(detailOf(aModel({ id: 5 })))),
    );
    const { user } = open("/duplicates");
    await user.click(await screen.findByRole("button", { name: "Show more" }));
    expect(await screen.findByRole("link", { name: "Velvet Dreams 5" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Show more" })).not.toBeInTheDocument();
  });
});
