import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import type { Mature } from "@/api/mature";
import { aDownload, aMature, aModel, aModelDetail, aSetting } from "@/testing/examples";
import { message, open } from "@/testing/open";
import { answer, libraryWith, refusal, server } from "@/testing/server";

const blurred = aModel({
  id: 5,
  name: "Velvet",
  preview_url: "/api/models/5/previews/8/blurred",
  preview_media: "image",
  mature_level: "r",
  is_blurred: true,
});
const locked = aMature({ has_passphrase: true, is_locked: true });
const unlocked = aMature({ has_passphrase: true });
const REVEAL = "Show the mature picture of Velvet";

/** A server that opens with one passphrase; what it was asked for is written down. */
function keepLocked(first: Mature) {
  let now = first;
  const asked: [string, unknown][] = [];
  server.use(
    ...libraryWith({ models: [blurred], settings: [aSetting({ key: "mature_content", choices: ["show", "blur"] })] }),
  );
  server.use(
    http.get("*/api/mature", () => answer(now)),
    http.post("*/api/mature/unlock", async ({ request }) => {
      const body = (await request.json()) as { passphrase: string };
      asked.push(["unlock", body]);
      if (body.passphrase !== "open sesame") return refusal(403, "WRONG_PASSPHRASE", "That is not the passphrase.");
      now = unlocked;
      return answer(now);
    }),
    http.post("*/api/mature/lock", () => {
      asked.push(["lock", null]);
      now = locked;
      return answer(now);
    }),
    http.put("*/api/mature/passphrase", async ({ request }) => {
      const body = (await request.json()) as { passphrase: string | null };
      asked.push(["passphrase", body]);
      now = body.passphrase === null ? aMature() : unlocked;
      return answer(now);
    }),
  );
  return asked;
}

function pictureOf(name: string): string | null | undefined {
  return screen
    .getByRole("link", { name: new RegExp(name), hidden: true })
    .querySelector("img")
    ?.getAttribute("src");
}

test("a download of a hidden model says that it is hidden, and is named by nothing", async () => {
  const part = { name: "•••", url: "", is_hidden: true };
  const running = aDownload({ ...part, task_id: "running" });
  const done = aDownload({ ...part, task_id: "done", state: "done", finished_at: "2026-05-01T12:00:00Z" });
  server.use(...libraryWith({ queue: [running], history: [done], tasks: [done] }));
  open("/downloads");
  await waitFor(() => expect(screen.getAllByText("Hidden as mature content")).toHaveLength(2));
});

describe("mature content in the library", () => {
  test("a blurred picture is shown by a click on its eye", async () => {
    server.use(...libraryWith({ models: [blurred, aModel({ name: "Harbour" })] }));
    const { user, address } = open("/");
    await user.click(await screen.findByRole("button", { name: REVEAL }));
    await waitFor(() => expect(pictureOf("Velvet")).toBe("/api/models/5/previews/8/clear?size=medium"));
    expect(screen.queryByRole("button", { name: REVEAL })).not.toBeInTheDocument();
    expect(address()).toBe("/");
  });

  test("it takes the passphrase where that is locked", async () => {
    keepLocked(locked);
    const { user } = open("/");
    await user.click(await screen.findByRole("button", { name: REVEAL }));
    const dialog = within(await screen.findByRole("dialog", { name: "Mature content is locked" }));
    await user.type(dialog.getByLabelText("Passphrase"), "guess{Enter}");
    expect(await dialog.findByText("That is not the passphrase.")).toBeInTheDocument();
    expect(pictureOf("Velvet")).toContain("/blurred");
    await user.clear(dialog.getByLabelText("Passphrase"));
    await user.type(dialog.getByLabelText("Passphrase"), "open sesame{Enter}");
    await waitFor(() => expect(pictureOf("Velvet")).toContain("/clear"));
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  test("locking from the palette blurs again what was shown", async () => {
    const asked = keepLocked(unlocked);
    const { user } = open("/");
    await user.click(await screen.findByRole("button", { name: REVEAL }));
    await waitFor(() => expect(pictureOf("Velvet")).toContain("/clear"));
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByRole("combobox", { name: "Page, model or action" }), "lock mature");
    await user.click(await screen.findByRole("option", { name: /^Lock mature content/ }));
    expect(await message("Mature content is locked")).toBeTruthy();
    expect(asked).toEqual([["lock", null]]);
    await waitFor(() => expect(pictureOf("Velvet")).toContain("/blurred"));
  });
});

describe("mature content of a model", () => {
  test("the user says how mature it is, and its card follows", async () => {
    const said: unknown[] = [];
    const clear = {
      ...blurred,
      is_blurred: false,
      preview_url: "/api/models/5/previews/8",
      mature_level: "pg" as const,
    };
    server.use(...libraryWith({ models: [blurred] }));
    server.use(
      http.get("*/api/models/5", () => answer(aModelDetail(blurred))),
      http.patch("*/api/models/5", async ({ request }) => {
        said.push(await request.json());
        const { user } = aModelDetail();
        return answer(aModelDetail({ ...clear, user: { ...user, own_mature_level: "pg" } }));
      }),
    );
    const { user } = open("/models/5");
    await user.selectOptions(await screen.findByLabelText("Maturity"), "PG");
    await waitFor(() => expect(pictureOf("Velvet")).toBe("/api/models/5/previews/8?size=medium"));
    expect(said).toEqual([{ own_mature_level: "pg" }]);
    expect(screen.getByRole("button", { name: "Maturity: take yours back" })).toBeInTheDocument();
  });

  test("its pictures are veiled until they are revealed, films too", async () => {
    const preview = { id: 8, origin: "file" as const };
    const film = { ...preview, url: "/api/models/5/previews/8/clear", media: "video" as const };
    server.use(...libraryWith({ models: [blurred] }));
    server.use(
      http.get("*/api/models/5", ({ request }) => {
        const isRevealed = new URL(request.url).searchParams.get("reveal") === "true";
        const veiled = { ...preview, url: blurred.preview_url ?? "", media: "image" as const };
        return answer(aModelDetail({ ...blurred, is_blurred: !isRevealed, previews: [isRevealed ? film : veiled] }));
      }),
    );
    const { user } = open("/models/5");
    const panel = within(await screen.findByRole("complementary", { name: "Model" }));
    expect(await panel.findByText("Mature content")).toBeInTheDocument();
    expect(panel.getByText("Rated R")).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: REVEAL }));
    await waitFor(() => expect(document.querySelector("aside video")).toHaveAttribute("src", film.url));
    expect(panel.queryByText("Mature content")).not.toBeInTheDocument();
  });

  test("a hidden one is explained, with where that can be changed", async () => {
    server.use(http.get("*/api/models/5", () => refusal(403, "MATURE_HIDDEN", "This model is hidden.")));
    open("/models/5");
    expect(await screen.findByText("This model is hidden")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Settings of mature content" })).toHaveAttribute(
      "href",
      "/settings#mature",
    );
  });
});

describe("the lock in the settings", () => {
  test("a passphrase is set, and it can be locked at once", async () => {
    const asked = keepLocked(aMature());
    const { user } = open("/settings");
    const field = await screen.findByLabelText("New passphrase (four characters or more)");
    expect(document.body).toHaveFocus(); // or the settings would begin in their middle
    await user.type(field, "abc");
    expect(screen.getByRole("button", { name: "Set passphrase" })).toBeDisabled();
    await user.type(field, "d");
    await user.click(screen.getByRole("button", { name: "Set passphrase" }));
    await user.click(await screen.findByRole("button", { name: "Lock now" }));
    expect(await screen.findByText("Locked")).toBeInTheDocument();
    expect(document.body).not.toHaveFocus();
    expect(asked).toEqual([
      ["passphrase", { passphrase: "abcd", current: "" }],
      ["lock", null],
    ]);
  });

  test("a wrong passphrase is refused beside its field, the right one unlocks", async () => {
    keepLocked(locked);
    const { user } = open("/settings");
    const field = await screen.findByLabelText("Passphrase");
    await user.type(field, "guess{Enter}");
    expect(await screen.findByText("That is not the passphrase.")).toBeInTheDocument();
    await user.clear(field);
    await user.type(field, "open sesame{Enter}");
    expect(await screen.findByText("Unlocked here")).toBeInTheDocument();
  });

  test("it takes the passphrase to do without it", async () => {
    const asked = keepLocked(unlocked);
    const { user } = open("/settings");
    await user.click(await screen.findByRole("button", { name: "Remove passphrase" }));
    await user.type(screen.getByLabelText("Passphrase"), "open sesame");
    await user.click(screen.getByRole("button", { name: "Remove passphrase" }));
    expect(await screen.findByText("No passphrase")).toBeInTheDocument();
    expect(asked).toEqual([["passphrase", { passphrase: null, current: "open sesame" }]]);
  });
});
