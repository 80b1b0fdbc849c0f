import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { beforeEach, describe, expect, test } from "vitest";
import { aModel, aSearch, aTask } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, server } from "@/testing/server";

beforeEach(() => server.use(...libraryWith({ models: [aModel()], searches: [aSearch({ name: "Ink LoRAs" })] })));

describe("the palette", () => {
  async function openPalette(address = "/settings") {
    const opened = open(address);
    await screen.findAllByRole("navigation", { name: "Main" });
    await opened.user.keyboard("{Control>}k{/Control}");
    return { ...opened, field: await screen.findByRole("combobox", { name: "Page, model or action" }) };
  }

  test("goes to a page by a few letters of its name", async () => {
    const { user, address, field } = await openPalette();
    expect(field).toHaveFocus();
    await user.type(field, "downl");
    expect(screen.getByRole("option", { name: /^Downloads/ })).toHaveAttribute("aria-selected", "true");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(address()).toBe("/downloads"));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  test("opens a model that the search finds, and goes through what it found with the arrows", async () => {
    const { user, address, field } = await openPalette();
    await user.type(field, "velvet");
    await screen.findByRole("option", { name: /^Velvet Dreams 1/ });
    await user.keyboard("{ArrowDown}{ArrowUp}{Enter}");
    await waitFor(() => expect(address()).toBe("/models/1"));
  });

  test("models that are called so come first", async () => {
    server.use(...libraryWith({ models: [aModel({ id: 1, name: "Fog" }), aModel({ id: 2, name: "Tidepool" })] }));
    const { user, field } = await openPalette();
    await user.type(field, "tide");
    await screen.findByRole("option", { name: /^Tidepool/ });
    expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual([
      expect.stringMatching(/^Tidepool/),
      expect.stringMatching(/^Fog/),
    ]);
  });

  test("shows models of a type, and a saved search", async () => {
    const { user, address, field } = await openPalette();
    await user.type(field, "controlnet{Enter}");
    await waitFor(() => expect(address()).toBe("/?type=controlnet"));
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Page, model or action" }), "ink lor{Enter}");
    await waitFor(() => expect(screen.getByRole("link", { name: "Ink LoRAs" })).toHaveAttribute("aria-current"));
  });

  test("starts a scan, and turns the theme over", async () => {
    const said: unknown[] = [];
    server.use(
      http.post("*/api/models/scan", async ({ request }) => {
        said.push(await request.json());
        return answer(aTask(), 202);
      }),
    );
    const { user, field } = await openPalette();
    await user.type(field, "scan{Enter}");
    await waitFor(() => expect(said).toEqual([{ folder: null, full: false }]));
    const before = document.documentElement.dataset.theme;
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Page, model or action" }), "theme{Enter}");
    expect(document.documentElement.dataset.theme).toBe(before === "dark" ? "light" : "dark");
  });

  test("is opened by a button too, which has the focus again when it closes", async () => {
    const { user } = open("/settings");
    const button = await screen.findByRole("button", { name: "Go to a page, a model or an action" });
    await user.click(button);
    expect(await screen.findByRole("combobox", { name: "Page, model or action" })).toHaveFocus();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(button).toHaveFocus());
  });

  test("says when nothing is called so, and Escape closes it", async () => {
    const { user, field } = await openPalette();
    server.use(http.get("*/api/models", () => answer({ items: [], total: 0, next_cursor: null, did_you_mean: null })));
    await user.type(field, "zzzz");
    expect(await screen.findByText("Nothing is called so.")).toBeInTheDocument();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

test("'?' lists the keys, but not while one is typing", async () => {
  const { user } = open("/");
  await screen.findByText("Velvet Dreams 1");
  await user.type(screen.getByRole("combobox", { name: "Search models" }), "why?");
  expect(screen.queryByRole("dialog")).toBeNull();
  await user.keyboard("{Escape}{Escape}");
  screen.getByText("Velvet Dreams 1").closest("a")?.focus();
  await user.keyboard("?");
  const help = await screen.findByRole("dialog", { name: "Keys" });
  expect(within(help).getByText("Select everything that was found")).toBeInTheDocument();
});
