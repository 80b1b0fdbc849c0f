import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { beforeEach, describe, expect, test } from "vitest";
import type { Model } from "@/api/types";
import { aModel, aModelDetail } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, server } from "@/testing/server";

let models: Model[] = [];

beforeEach(() => {
  models = Array.from({ length: 250 }, (_, index) => aModel({ id: index + 1 }));
  server.use(
    ...libraryWith({}),
    http.get(/\/api\/models\/\d+$/, ({ request }) => {
      const id = Number(request.url.split("/").at(-1));
      return answer(aModelDetail({ id, name: `Ink ${id}` }));
    }),
  );
  server.use(
    http.get("*/api/models", ({ request }) => {
      const offset = Number(new URL(request.url).searchParams.get("offset"));
      return answer({ items: models.slice(offset, offset + 100), total: models.length, next_cursor: null });
    }),
  );
});

const next = () => screen.findByRole("button", { name: "Next model" });
const previous = () => screen.findByRole("button", { name: "Previous model" });

/** Scrolls as a browser does; jsdom lays nothing out. */
async function letScroll() {
  const scroller = await screen.findByTestId("grid-scroller");
  const list = within(scroller).getByRole("list");
  Object.defineProperty(scroller, "scrollHeight", { get: () => Number.parseFloat(list.style.height) });
  scroller.scrollTo = ((to: ScrollToOptions) => {
    scroller.scrollTop = to.top ?? 0;
    setTimeout(() => fireEvent.scroll(scroller));
  }) as typeof scroller.scrollTo;
}

describe("from model to model in the panel", () => {
  test("the buttons go through the list as it is filtered, and keep the focus", async () => {
    const { user, address } = open("/models/2?q=ink");
    await user.click(await next());
    expect(address()).toBe("/models/3?q=ink");
    expect(await screen.findByRole("heading", { name: "Ink 3" })).toBeInTheDocument();
    expect(await next()).toHaveFocus();
    expect(screen.getByText("Ink 3, 3 of 250")).toHaveAttribute("role", "status");
    await user.click(await previous());
    await user.click(await previous());
    expect(address()).toBe("/models/1?q=ink");
    expect(await previous()).toHaveAttribute("aria-disabled", "true");
    await user.click(await previous());
    expect(address()).toBe("/models/1?q=ink");
  });

  test("J and K do the same, but not while something is written", async () => {
    const { user, address } = open("/models/2");
    await next();
    await user.keyboard("jj");
    await waitFor(() => expect(address()).toBe("/models/4"));
    await user.keyboard("k");
    await waitFor(() => expect(address()).toBe("/models/3"));
    await user.type(screen.getByRole("combobox", { name: "Search models" }), "jk");
    expect(address()).toMatch(/^\/models\/3/);
  });

  test("the focus stays in the panel when what had it goes with its model", async () => {
    const { user, address } = open("/models/2");
    const panel = await screen.findByRole("complementary", { name: "Model" });
    (await within(panel).findByRole("button", { name: "Favourite" })).focus();
    await user.keyboard("j");
    await waitFor(() => expect(address()).toBe("/models/3"));
    await waitFor(() => expect(panel).toContainElement(document.activeElement as HTMLElement));
  });

  test("at the edge of what is fetched the next page is fetched, and the list scrolls there", async () => {
    const { user, address } = open("/models/100");
    await letScroll();
    await user.click(await next());
    await waitFor(() => expect(address()).toBe("/models/101"));
    const card = await within(screen.getByTestId("grid-scroller")).findByText("Velvet Dreams 101");
    expect(card.closest("a")).toHaveAttribute("aria-current", "true");
  });

  test("from a model that left the list, on to what took its place", async () => {
    const { user, address } = open("/models/2");
    await next();
    models = models.filter((model) => model.id !== 2);
    server.use(http.patch("*/api/models/2", () => answer(aModelDetail({ id: 2, favorite: true }))));
    await user.click(await screen.findByRole("button", { name: "Favourite" }));
    await waitFor(() => expect(screen.queryByText("Velvet Dreams 2")).toBeNull());
    await user.click(await next());
    await waitFor(() => expect(address()).toBe("/models/3"));
  });

  test("there are none for a model that the list does not show", async () => {
    open("/models/900");
    expect(await screen.findByRole("heading", { name: "Ink 900" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Next model" })).toBeNull();
  });
});
