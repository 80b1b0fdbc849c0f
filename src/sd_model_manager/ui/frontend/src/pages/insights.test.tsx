import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { someStatistics } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, server } from "@/testing/server";

const GB = 1_000_000_000;

/** Base models as the server counts them of one type alone. */
function countingByType() {
  server.use(
    http.get("*/api/models/statistics", ({ request }) => {
      const [type] = new URL(request.url).searchParams.getAll("type");
      if (!type) return answer(someStatistics());
      const base_model =
        type === "lora"
          ? [
              { value: "Pony", count: 1, size_bytes: 1.5 * GB },
              { value: null, count: 1, size_bytes: GB / 2 },
            ]
          : [{ value: "SDXL 1.0", count: 1, size_bytes: 6 * GB }];
      return answer(someStatistics({ shares: { base_model } }));
    }),
  );
}

describe("insights", () => {
  test("begin with how much there is, and each figure leads to what it counts", async () => {
    open("/insights");
    expect(await screen.findByRole("link", { name: /^Size of all models ?8 GB$/ })).toHaveAttribute(
      "href",
      "/?sort=-size_bytes",
    );
    expect(screen.getByRole("link", { name: /^Taken by further copies ?228 MB$/ })).toHaveAttribute(
      "href",
      "/duplicates",
    );
    expect(document.title).toBe("Insights · SD Model Manager");
  });

  test("every rectangle of the map says aloud what it is and leads to its models", async () => {
    countingByType();
    const { user, address } = open("/insights");
    const map = await screen.findByRole("group", { name: "Disk use by type and base model" });
    const tile = await within(map).findByRole("link", { name: "LoRA, Pony: 1.5 GB, number of models: 1" });
    expect(tile).toHaveAttribute("href", "/?type=lora&base_model=Pony");
    expect(within(map).getByRole("link", { name: /LoRA, Unknown base model/ })).toHaveAttribute(
      "href",
      "/?type=lora&base_model=unknown",
    );
    await user.click(tile);
    await waitFor(() => expect(address()).toBe("/?type=lora&base_model=Pony"));
  });

  test("the map can be arranged by base model, each with its types", async () => {
    countingByType();
    const { user } = open("/insights");
    await user.click(await screen.findByRole("radio", { name: "Base model" }));
    const map = screen.getByRole("group", { name: "Disk use by base model and type" });
    expect(await within(map).findByRole("link", { name: /^Pony, LoRA: 1.5 GB/ })).toHaveAttribute(
      "href",
      "/?type=lora&base_model=Pony",
    );
  });

  test("the map can be arranged by folder, and is a table too", async () => {
    const { user } = open("/insights");
    await user.click(await screen.findByRole("radio", { name: "Folder" }));
    const map = screen.getByRole("group", { name: "Disk use by folder" });
    expect(within(map).getByRole("link", { name: /^loras, style: 2 GB/ })).toHaveAttribute(
      "href",
      "/?folder=loras%2Fstyle",
    );
    const [table] = screen.getAllByRole("table", { hidden: true });
    expect(table).toHaveTextContent("style22 GB");
  });

  test("bars are by size or by number, and what is not known can be found too", async () => {
    const { user } = open("/insights");
    const precision = await screen.findByRole("link", { name: /^fp16/ });
    expect(precision).toHaveAttribute("href", "/?q=precision%3Afp16");
    expect(precision).toHaveTextContent("fp1627 GB");
    const unknown = screen.getAllByRole("link", { name: /^Unknown/ }).map((link) => link.getAttribute("href"));
    expect(unknown).toEqual(["/?base_model=unknown", "/?q=-precision%3Afp16"]);
    await user.click(screen.getByRole("radio", { name: "Number" }));
    expect(precision).toHaveTextContent("fp167 GB2");
  });

  test("a column per month shows how the library grew, and leads to what came in that month", async () => {
    open("/insights");
    const columns = within(await screen.findByRole("group", { name: "Growth by month" })).getAllByRole("link");
    expect(columns).toHaveLength(3);
    expect(columns[1]).toHaveAccessibleName("Apr 2026: 6 GB, of which 0 bytes were added");
    expect(columns[2]).toHaveAccessibleName("May 2026: 8 GB, of which 2 GB were added");
    expect(columns[2]).toHaveAttribute("href", "/?q=modified%3A2026-05");
  });

  test("an empty library says what will be here", async () => {
    const nothing = { total_count: 0, total_bytes: 0, copies_bytes: 0, shares: {}, growth: [] };
    server.use(...libraryWith({ statistics: nothing }));
    open("/insights");
    expect(await screen.findByText(/what room they take/)).toBeInTheDocument();
  });
});
