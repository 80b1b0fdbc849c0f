import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { aModel, aModelDetail, aTask, someFacets } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, refusal, server, tell } from "@/testing/server";

const three = [aModel({ id: 1 }), aModel({ id: 2, type: "checkpoint" }), aModel({ id: 3, state: "missing" })];

/** Answers with three models and notes what was asked. */
function watchQueries(): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get("*/api/models", ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return answer({ items: three, total: 3, next_cursor: null });
    }),
  );
  return asked;
}

const aHundred = (offset: number) => Array.from({ length: 100 }, (_, index) => aModel({ id: offset + index + 1 }));

/** Ten thousand models, of which the server gives a hundred where it is asked to. */
function manyModels(onAsked: (offset: string | null) => void = () => undefined) {
  return http.get("*/api/models", ({ request }) => {
    const offset = new URL(request.url).searchParams.get("offset");
    onAsked(offset);
    return answer({ items: aHundred(Number(offset)), total: 10_000, next_cursor: "next" });
  });
}

/** To this share of the whole height. */
function scrollTo(scroller: HTMLElement, share: number) {
  const height = Number.parseFloat(scroller.querySelector("ul")?.style.height ?? "0");
  scroller.scrollTop = height * share;
  fireEvent.scroll(scroller);
}

describe("the library", () => {
  test("shows each model with what to know at a glance", async () => {
    server.use(...libraryWith({ models: three }));
    open("/");
    const card = (await screen.findByText("Velvet Dreams 3")).closest("li");
    expect(card).toHaveTextContent("SDXL 1.0");
    expect(card).toHaveTextContent("228 MB");
    expect(within(card as HTMLElement).getByRole("img", { name: /Missing/ })).toBeInTheDocument();
    expect(screen.getByText("3 models")).toBeInTheDocument();
  });

  test("counts the file itself among its copies", async () => {
    server.use(...libraryWith({ models: [aModel({ duplicates: 1 })] }));
    open("/");
    expect(await screen.findByRole("img", { name: "2 copies on disk" })).toBeInTheDocument();
  });

  test("tells versions of one model apart, and which of them is out of date", async () => {
    const published = { source: "civitai", model_id: "7", model_name: "Velvet Dreams", creator: "lumen", url: "" };
    const versions = ["v1.0", "v2.0"].map((version_name, index) =>
      aModel({ id: index + 1, name: "Velvet Dreams", published: { ...published, version_id: "1", version_name } }),
    );
    server.use(...libraryWith({ models: versions.map((model, index) => ({ ...model, has_update: index === 0 })) }));
    open("/");
    const [old, current] = await screen.findAllByRole("link", { name: /^Velvet Dreams|Velvet Dreams/ });
    expect(old).toHaveTextContent("v1.0");
    expect(within(old as HTMLElement).getByRole("img", { name: "A newer version is known" })).toBeInTheDocument();
    expect(current).toHaveTextContent("v2.0");
    expect(within(current as HTMLElement).queryByRole("img", { name: "A newer version is known" })).toBeNull();
  });

  test("keeps a chosen filter in the address and asks the server for it", async () => {
    const asked = watchQueries();
    const { user, address } = open("/");
    await user.click(await screen.findByRole("checkbox", { name: /Checkpoint/ }));
    await user.click(screen.getByRole("checkbox", { name: /Unknown/ }));
    expect(address()).toBe("/?type=checkpoint&base_model=unknown");
    await waitFor(() => expect(asked.at(-1)?.getAll("type")).toEqual(["checkpoint"]));
    expect(asked.at(-1)?.getAll("base_model")).toEqual(["unknown"]);
  });

  test("takes filters, words and sort from the address", async () => {
    const asked = watchQueries();
    open("/?q=ink&type=lora&type=vae&sort=-size_bytes&folder=loras");
    expect(await screen.findByRole("combobox", { name: "Search models" })).toHaveValue("ink");
    expect(screen.getByRole("combobox", { name: "Sort by" })).toHaveValue("-size_bytes");
    await waitFor(() => expect(asked[0]?.getAll("type")).toEqual(["lora", "vae"]));
    expect(asked[0]?.get("q")).toBe("ink");
    expect(asked[0]?.get("folder")).toBe("loras");
  });

  test("takes a filter back where it is shown", async () => {
    watchQueries();
    const { user, address } = open("/?type=lora&q=ink");
    await user.click(await screen.findByRole("button", { name: "Remove the filter LoRA" }));
    expect(address()).toBe("/?q=ink");
  });

  test("searches once for what was typed, and '/' leads to the search box", async () => {
    const asked = watchQueries();
    const { user, address } = open("/");
    await screen.findByText("Velvet Dreams 1");
    await user.keyboard("/ink wash");
    expect(screen.getByRole("combobox", { name: "Search models" })).toHaveFocus();
    await waitFor(() => expect(address()).toBe("/?q=ink+wash"));
    await waitFor(() => expect(asked.at(-1)?.get("q")).toBe("ink wash"));
  });

  test("fetches what comes into sight, wherever that is in the list", async () => {
    const offsets: (string | null)[] = [];
    server.use(manyModels((offset) => offsets.push(offset)));
    open("/");
    await screen.findByText("Velvet Dreams 1");
    scrollTo(await screen.findByTestId("grid-scroller"), 0.5);
    expect(await screen.findByText("Velvet Dreams 5001")).toBeInTheDocument();
    expect(offsets[0]).toBeNull();
    expect(offsets.slice(1).every((offset) => Math.abs(Number(offset) - 5000) <= 200)).toBe(true);
  });

  test("a further page that fails is asked for again only by the user", async () => {
    let failures = 0;
    server.use(
      http.get("*/api/models", ({ request }) => {
        if (!new URL(request.url).searchParams.get("offset")) {
          return answer({ items: aHundred(0), total: 150, next_cursor: "next" });
        }
        failures += 1;
        return refusal(500, "DATABASE_LOCKED", "Close the other program.");
      }),
    );
    const { user } = open("/");
    scrollTo(await screen.findByTestId("grid-scroller"), 0.9);
    await screen.findByText("The further models could not be loaded.");
    expect(failures).toBe(1);
    server.use(manyModels());
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Velvet Dreams 141")).toBeInTheDocument();
  });

  test("goes from card to card with the arrow keys", async () => {
    server.use(...libraryWith({ models: three }));
    const { user } = open("/");
    const first = (await screen.findByText("Velvet Dreams 1")).closest("a");
    first?.focus();
    await user.keyboard("{ArrowRight}");
    expect(screen.getByText("Velvet Dreams 2").closest("a")).toHaveFocus();
    await user.keyboard("{Home}");
    expect(first).toHaveFocus();
  });

  test("opens a model beside the grid and keeps the filters", async () => {
    server.use(
      ...libraryWith({ models: three }),
      http.get("*/api/models/1", () => refusal(404, "NOT_FOUND", "Gone.")),
    );
    const { user, address } = open("/?type=lora");
    await user.click(await screen.findByText("Velvet Dreams 1"));
    expect(await screen.findByText("This model is not in the library")).toBeInTheDocument();
    expect(document.title).toBe("Model · SD Model Manager");
    expect(address()).toBe("/models/1?type=lora");
    expect(screen.getByText("Velvet Dreams 2")).toBeInTheDocument();
    await user.keyboard("{Escape}");
    expect(address()).toBe("/?type=lora");
    expect(document.title).toBe("Library · SD Model Manager");
  });

  test("gives an open model the whole page, and remembers that", async () => {
    server.use(
      ...libraryWith({ models: [aModel()] }),
      http.get("*/api/models/1", () => answer(aModelDetail())),
    );
    const { user } = open("/models/1");
    const panel = await screen.findByRole("complementary", { name: "Model" });
    await user.click(within(panel).getByRole("button", { name: "As a whole page" }));
    expect(panel).toHaveAttribute("data-page", "true");
    expect(localStorage.getItem("sdmm.panel")).toBe("page");
    await user.click(within(panel).getByRole("button", { name: "Beside the library" }));
    expect(panel).not.toHaveAttribute("data-page");
  });

  test("says what went wrong in the server's words, and tries again when asked", async () => {
    server.use(
      http.get("*/api/models", () => refusal(500, "DATABASE_LOCKED", "Close the other program."), { once: true }),
    );
    server.use(...libraryWith({ models: three }).slice(2));
    const { user } = open("/");
    expect(await screen.findByRole("alert")).toHaveTextContent("Close the other program.");
    watchQueries();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Velvet Dreams 1")).toBeInTheDocument();
  });

  test("keeps the last results while a search cannot be read, and says what is wrong below the box", async () => {
    const asked: (string | null)[] = [];
    const problem = "The search cannot be read at character 6: there is no type 'lor'. Did you mean 'lora'?";
    const read = (answered: () => Response) =>
      (({ request }) => {
        const q = new URL(request.url).searchParams.get("q");
        asked.push(q);
        return q === "type:lor" ? refusal(400, "BAD_QUERY", problem, { position: 6 }) : answered();
      }) as Parameters<typeof http.get>[1];
    server.use(
      http.get(
        "*/api/models",
        read(() => answer({ items: three, total: 3, next_cursor: null })),
      ),
      http.get("*/api/models/facets", ({ request }) =>
        new URL(request.url).searchParams.get("q") === "type:lor"
          ? refusal(400, "BAD_QUERY", problem, { position: 6 })
          : answer(someFacets),
      ),
    );
    const { user } = open("/");
    await screen.findByText("Velvet Dreams 1");
    const box = screen.getByRole("combobox", { name: "Search models" });
    await user.type(box, "type:lor");
    expect(await screen.findByText(problem)).toBeInTheDocument();
    expect(box).toBeInvalid();
    expect(box).toHaveAccessibleDescription(problem);
    expect(screen.getByText("Velvet Dreams 1")).toBeInTheDocument();
    expect(screen.getByText("3 models")).toBeInTheDocument();
    expect(screen.getByRole("checkbox", { name: /Checkpoint/ })).toBeInTheDocument();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(asked.filter((q) => q === "type:lor")).toHaveLength(1);
    await user.type(box, "a");
    await waitFor(() => expect(box).toBeValid());
    expect(screen.queryByText(problem)).toBeNull();
  });

  test("an address with a search that cannot be read shows the library and what is wrong", async () => {
    server.use(
      http.get("*/api/models", ({ request }) =>
        new URL(request.url).searchParams.get("q")
          ? refusal(400, "BAD_QUERY", "The search cannot be read at character 1.", { position: 1 })
          : answer({ items: three, total: 3, next_cursor: null }),
      ),
    );
    open("/?q=%3A");
    expect(await screen.findByText("Velvet Dreams 1")).toBeInTheDocument();
    expect(screen.getByRole("combobox", { name: "Search models" })).toHaveAccessibleDescription(
      "The search cannot be read at character 1.",
    );
  });

  test("teaches the search by examples, of which one is tried with a click", async () => {
    const asked = watchQueries();
    const { user, address } = open("/");
    const button = await screen.findByRole("button", { name: "How to search" });
    await user.click(button);
    const help = await screen.findByRole("dialog", { name: "How to search" });
    await user.keyboard("{Escape}");
    expect(help).not.toBeInTheDocument();
    expect(button).toHaveFocus();
    await user.click(button);
    await user.click(await screen.findByRole("button", { name: /^-tag:anime/ }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.getByRole("combobox", { name: "Search models" })).toHaveValue("-tag:anime");
    await waitFor(() => expect(address()).toBe("/?q=-tag%3Aanime"));
    await waitFor(() => expect(asked.at(-1)?.get("q")).toBe("-tag:anime"));
  });

  test("a card takes the thumbnail that is large enough for it", async () => {
    const preview_url = "/api/models/1/previews/7";
    server.use(...libraryWith({ models: [aModel({ preview_url, preview_media: "image" })] }));
    open("/");
    const card = (await screen.findByText("Velvet Dreams 1")).closest("li");
    const picture = card?.querySelector("img[srcset]") as HTMLImageElement;
    expect(picture.srcset).toContain(`${preview_url}?size=small 256w`);
    expect(picture.sizes).toMatch(/^\d+px$/);
    fireEvent.error(picture);
    expect(card?.querySelector("img[alt='']")).toHaveAttribute("src", preview_url);
  });

  test("a card shows what its user thinks of the model", async () => {
    server.use(...libraryWith({ models: [aModel({ favorite: true, rating: 4 })] }));
    open("/");
    expect(await screen.findByRole("img", { name: "Favourite" })).toBeInTheDocument();
    expect(screen.getByRole("img", { name: "Rated 4 of 5" })).toBeInTheDocument();
  });

  test("works in a browser that thinks itself offline, for the server is on this computer", async () => {
    server.use(...libraryWith({ models: three }));
    fireEvent(window, new Event("offline"));
    open("/");
    expect(await screen.findByText("Velvet Dreams 1")).toBeInTheDocument();
    fireEvent(window, new Event("online"));
  });

  test("offers a way back when nothing matches", async () => {
    server.use(...libraryWith({ models: [] }));
    const { user, address } = open("/?q=zzz");
    await user.click(await screen.findByRole("button", { name: "Clear search and filters" }));
    expect(address()).toBe("/");
  });

  test("asks again when the server says that models changed", async () => {
    server.use(...libraryWith({ models: [aModel({ id: 1 })] }));
    open("/");
    await screen.findByText("1 model");
    server.use(http.get("*/api/models", () => answer({ items: three, total: 3, next_cursor: null })));
    tell({ type: "models_changed", model_ids: [] });
    expect(await screen.findByText("3 models")).toBeInTheDocument();
  });

  test("shows how far a scan is", async () => {
    server.use(...libraryWith({ models: three, tasks: [aTask()] }));
    open("/");
    await screen.findByText("25%");
    tell({ type: "task", task: aTask({ done: 150 }) });
    expect(await screen.findByText("75%")).toBeInTheDocument();
  });

  test("asks for the access token where the server wants one", async () => {
    server.use(http.get("*/api/models", () => refusal(401, "TOKEN_NEEDED", "This library asks for its access token.")));
    const { address } = open("/");
    expect(await screen.findByLabelText("Access token")).toBeInTheDocument();
    expect(address()).toMatch(/^\/login/);
  });
});

test("an address that leads nowhere says so", async () => {
  open("/nowhere");
  expect(await screen.findByText("There is no page here")).toBeInTheDocument();
});
