import { screen, waitFor } from "@testing-library/react";
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
