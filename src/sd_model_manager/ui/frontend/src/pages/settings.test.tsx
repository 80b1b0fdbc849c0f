import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { aFolder, aSetting } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, refusal, server } from "@/testing/server";

const key = aSetting({ key: "civitai_api_key", is_secret: true, is_set: false, value: null, default: null });

describe("settings", () => {
  test("a refused folder says why beside the field", async () => {
    server.use(http.post("*/api/folders", () => refusal(400, "NOT_A_FOLDER", "/nowhere is not a folder.")));
    const { user } = open("/settings");
    await user.type(await screen.findByLabelText("Path of the folder"), "/nowhere{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("/nowhere is not a folder.");
  });

  test("a folder is taken off only after a question, and its files are said to stay", async () => {
    const removed: string[] = [];
    server.use(
      ...libraryWith({ folders: [aFolder({ id: 4 })] }),
      http.delete("*/api/folders/:id", ({ params }) => {
        removed.push(String(params.id));
        return answer(null);
      }),
    );
    const { user } = open("/settings");
    await user.click(await screen.findByRole("button", { name: "Remove /models" }));
    expect(screen.getByRole("alertdialog")).toHaveTextContent("stay on the disk");
    expect(removed).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Take it off" }));
    await waitFor(() => expect(removed).toEqual(["4"]));
  });

  test("a folder that the start of the server sets cannot be removed here", async () => {
    server.use(...libraryWith({ folders: [aFolder({ is_locked: true })] }));
    open("/settings");
    expect(await screen.findByRole("img", { name: /Set where the server is started/ })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Remove /models" })).not.toBeInTheDocument();
  });

  test("a key can be written but is never shown", async () => {
    const sent: unknown[] = [];
    server.use(
      ...libraryWith({ settings: [key] }),
      http.patch("*/api/settings", async ({ request }) => {
        sent.push(await request.json());
        return answer({ settings: [{ ...key, is_set: true }] });
      }),
    );
    const { user } = open("/settings");
    const field = await screen.findByLabelText("Civitai API key");
    await user.type(field, "s3cret{Enter}");
    await waitFor(() => expect(sent).toEqual([{ values: { civitai_api_key: "s3cret" } }]));
    expect(await screen.findByRole("button", { name: "Remove" })).toBeInTheDocument();
    expect(field).toHaveValue("");
  });

  test("a locked key says where it is set", async () => {
    server.use(...libraryWith({ settings: [{ ...key, is_set: true, is_locked: true }] }));
    open("/settings");
    expect(await screen.findByText(/change it there/)).toBeInTheDocument();
    expect(screen.queryByLabelText("Civitai API key")).not.toBeInTheDocument();
  });

  test("a number is saved as a number when its field is left", async () => {
    const sent: unknown[] = [];
    server.use(
      http.patch("*/api/settings", async ({ request }) => {
        sent.push(await request.json());
        return answer({ settings: [aSetting({ value: 5 })] });
      }),
    );
    const { user } = open("/settings");
    const field = await screen.findByLabelText("Downloads at once");
    await user.clear(field);
    await user.type(field, "5");
    await user.tab();
    await waitFor(() => expect(sent).toEqual([{ values: { downloads_at_once: 5 } }]));
  });

  test("a number outside of what is possible is refused beside its field, and not sent", async () => {
    const sent: unknown[] = [];
    const atOnce = aSetting({ key: "downloads_at_once", value: 3, default: 3, minimum: 1, maximum: 32 });
    server.use(
      ...libraryWith({ settings: [atOnce] }),
      http.patch("*/api/settings", async ({ request }) => {
        sent.push(await request.json());
        return answer({ settings: [atOnce] });
      }),
    );
    const { user } = open("/settings");
    const field = await screen.findByLabelText("Downloads at once");
    await user.clear(field);
    await user.type(field, "99{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("Choose a number from 1 to 32.");
    expect(field).toBeInvalid();
    expect(sent).toEqual([]);
  });

  test("a setting that the page has no words for appears with its own name, and the control that fits it", async () => {
    const sent: unknown[] = [];
    const text = aSetting({ key: "colour_of_sky", value: "blue", default: "blue", description: "How it looks up." });
    const list = aSetting({ key: "names", value: ["a"], default: [], description: "One per line." });
    const level = aSetting({ key: "loudness", value: "low", default: "low", choices: ["low", "high"] });
    const tools = aSetting({
      key: "sidecar_export",
      value: ["swarm_ui"],
      default: [],
      choices: ["lora_manager", "swarm_ui"],
    });
    const settings = [text, list, level, tools];
    server.use(
      ...libraryWith({ settings }),
      http.patch("*/api/settings", async ({ request }) => {
        sent.push(((await request.json()) as { values: unknown }).values);
        return answer({ settings });
      }),
    );
    const { user } = open("/settings");
    expect(await screen.findByLabelText("Colour of sky")).toHaveValue("blue");
    expect(screen.getByText("How it looks up.")).toBeInTheDocument();
    await user.type(screen.getByLabelText("Names"), "\nb");
    await user.tab();
    await user.selectOptions(screen.getByLabelText("Loudness"), "high");
    await user.click(screen.getByRole("checkbox", { name: /LoRA Manager/ }));
    await waitFor(() =>
      expect(sent).toEqual([
        { names: ["a", "b"] },
        { loudness: "high" },
        { sidecar_export: ["lora_manager", "swarm_ui"] },
      ]),
    );
    expect(screen.getByRole("group", { name: "Files to keep up to date" })).toBeInTheDocument();
  });

  test("a limit is given in megabytes per second, as people say it", async () => {
    const sent: unknown[] = [];
    const limit = aSetting({ key: "bandwidth_limit", value: 2_500_000, default: 0, minimum: 0, maximum: 2 ** 53 });
    server.use(
      ...libraryWith({ settings: [limit] }),
      http.patch("*/api/settings", async ({ request }) => {
        sent.push(((await request.json()) as { values: unknown }).values);
        return answer({ settings: [limit] });
      }),
    );
    const { user } = open("/settings");
    const field = await screen.findByLabelText("Fastest download");
    expect(field).toHaveValue(2.5);
    await user.clear(field);
    await user.type(field, "10{Enter}");
    await waitFor(() => expect(sent).toEqual([{ bandwidth_limit: 10_000_000 }]));
  });

  test("a key is checked with its site, which says whose it is or why it is not taken", async () => {
    const asked: unknown[] = [];
    server.use(
      ...libraryWith({ settings: [{ ...key, is_set: true }] }),
      http.post("*/api/settings/check-key", async ({ request }) => {
        asked.push(await request.json());
        return answer({ source: "civitai", account: "akai_umi" });
      }),
    );
    const { user } = open("/settings");
    await user.click(await screen.findByRole("button", { name: "Check the key" }));
    expect(await screen.findByText("It works, and belongs to akai_umi.")).toBeInTheDocument();
    expect(asked).toEqual([{ source: "civitai" }]);
    server.use(
      http.post("*/api/settings/check-key", () => refusal(502, "SOURCE_NEEDS_LOGIN", "Civitai does not accept it.")),
    );
    await user.click(screen.getByRole("button", { name: "Check the key" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Civitai does not accept it.");
  });

  test("files that could not be read are told of, with a way to them", async () => {
    const problem = { path: "/models/a", code: "NO_PERMISSION", message: "No.", seen_at: "2026-05-01T12:00:00Z" };
    server.use(http.get("*/api/folders/problems", () => answer([problem])));
    open("/settings");
    expect(await screen.findByRole("link", { name: "1 file could not be read" })).toHaveAttribute("href", "/health");
  });

  test("it says where the data lies, and its contents lead to every part", async () => {
    const settings = [aSetting(), aSetting({ key: "data_dir", value: "/home/me/data", is_editable: false })];
    server.use(...libraryWith({ settings }));
    open("/settings");
    expect(await screen.findByText("/home/me/data")).toBeInTheDocument();
    const contents = screen.getByRole("navigation", { name: "Contents of this page" });
    for (const link of within(contents).getAllByRole("link")) {
      expect(document.querySelector(link.getAttribute("href") ?? "")).toBeInTheDocument();
    }
  });

  test("an address with the name of a part shows that part", async () => {
    const seen: string[] = [];
    Element.prototype.scrollIntoView = function () {
      seen.push(this.id);
    };
    open("/settings#downloads");
    await screen.findByLabelText("Downloads at once");
    await waitFor(() => expect(seen).toEqual(["downloads"]));
  });

  test("the page speaks Japanese when asked to, and remembers", async () => {
    const { user } = open("/settings");
    await user.click(await screen.findByRole("radio", { name: "日本語" }));
    expect(await screen.findByRole("heading", { name: "設定" })).toBeInTheDocument();
    expect(localStorage.getItem("sdmm.locale")).toBe("ja");
    await user.click(screen.getByRole("radio", { name: "English" }));
    await screen.findByRole("heading", { name: "Settings" });
  });

  test("the dark theme holds for the whole document", async () => {
    const { user } = open("/settings");
    await user.click(await screen.findByRole("radio", { name: "Dark" }));
    expect(document.documentElement.dataset.theme).toBe("dark");
  });
});
