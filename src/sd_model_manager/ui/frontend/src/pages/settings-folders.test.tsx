import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { aFolder, anInstall } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, refusal, server } from "@/testing/server";

function takeFolders(): string[] {
  const added: string[] = [];
  server.use(
    http.post("*/api/folders", async ({ request }) => {
      const { path } = (await request.json()) as { path: string };
      added.push(path);
      return answer(aFolder({ path }), 201);
    }),
  );
  return added;
}

describe("library folders in the settings", () => {
  test("installed programs are looked for when asked to, and nothing is ticked before", async () => {
    let searches = 0;
    server.use(
      http.get("*/api/engines", () => {
        searches += 1;
        return answer({ installs: [anInstall()], is_complete: true });
      }),
    );
    const added = takeFolders();
    const { user } = open("/settings");
    const find = await screen.findByRole("button", { name: "Find installed programs" });
    expect(searches).toBe(0);
    await user.click(find);
    const box = await screen.findByRole("checkbox", { name: /ComfyUI\/models/ });
    expect(box).not.toBeChecked();
    await user.click(box);
    await user.click(screen.getByRole("button", { name: "Add 1 folder" }));
    await waitFor(() => expect(added).toEqual(["/opt/ComfyUI/models"]));
  });

  test("a folder is picked by going through the folders of the server's machine", async () => {
    const lists: Record<string, unknown> = {
      "": { path: null, parent: null, folders: [{ name: "/home", path: "/home", engine_name: null }] },
      "/home": {
        path: "/home",
        parent: null,
        folders: [{ name: "models", path: "/home/models", engine_name: "SwarmUI" }],
      },
      "/home/models": { path: "/home/models", parent: "/home", folders: [] },
    };
    server.use(
      http.post("*/api/folders/browse", async ({ request }) => {
        const { path } = (await request.json()) as { path: string | null };
        return answer(lists[path ?? ""]);
      }),
    );
    const added = takeFolders();
    const { user } = open("/settings");
    await user.click(await screen.findByRole("button", { name: "Browse" }));
    const picker = within(await screen.findByRole("dialog", { name: "Choose a folder" }));
    expect(picker.getByRole("button", { name: "Choose this folder" })).toBeDisabled();
    await user.click(await picker.findByRole("button", { name: "/home" }));
    await user.click(await picker.findByRole("button", { name: /models.*SwarmUI/ }));
    expect(await picker.findByText("There are no folders in it.")).toBeInTheDocument();
    await user.click(picker.getByRole("button", { name: "One folder up" }));
    expect(await picker.findByRole("button", { name: /models/ })).toBeInTheDocument();
    await user.click(picker.getByRole("button", { name: "Choose this folder" }));
    await waitFor(() => expect(added).toEqual(["/home"]));
  });

  test("a folder of a program asks whether the folders of its models are meant", async () => {
    const embeddings = { path: "/opt/ComfyUI/embeddings", models: 0, is_exact: true, state: "library" } as const;
    const install = anInstall({ folders: [...anInstall().folders, embeddings] });
    const folder = { path: "/opt/ComfyUI", models: 12, is_exact: true, state: "new" };
    server.use(http.post("*/api/engines/recognise", () => answer({ install, folder })));
    const added = takeFolders();
    const { user } = open("/settings");
    await user.type(await screen.findByLabelText("Path of the folder"), "/opt/ComfyUI{Enter}");
    expect(await screen.findByText(/This is ComfyUI/)).toBeInTheDocument();
    expect(added).toEqual([]);
    expect(screen.getByRole("button", { name: "/opt/ComfyUI/embeddings is in your library" })).toBeDisabled();
    await user.click(screen.getByRole("button", { name: "Add /opt/ComfyUI/models" }));
    await waitFor(() => expect(added).toEqual(["/opt/ComfyUI/models"]));
    await waitFor(() =>
      expect(screen.queryByRole("button", { name: "Add /opt/ComfyUI/models" })).not.toBeInTheDocument(),
    );
  });

  test("a folder inside a program's models is added without a question", async () => {
    const folder = { path: "/opt/ComfyUI/models/loras", models: 3, is_exact: true, state: "new" };
    server.use(http.post("*/api/engines/recognise", () => answer({ install: anInstall(), folder })));
    const added = takeFolders();
    const { user } = open("/settings");
    await user.type(await screen.findByLabelText("Path of the folder"), "/opt/ComfyUI/models/loras{Enter}");
    await waitFor(() => expect(added).toEqual(["/opt/ComfyUI/models/loras"]));
  });
});

const plan = {
  file: "/opt/ComfyUI/extra_model_paths.yaml",
  exists: true,
  digest: "abc",
  folders: { loras: ["/models/loras"] },
  diff: ["--- a", "+++ a", "@@ -1 +1,3 @@", " # mine", "+sd_model_manager:", "+  loras: |"],
};

describe("ComfyUI in the settings", () => {
  test("what would change is shown, written, and taken back", async () => {
    const asked: unknown[] = [];
    const record = async (request: Request) => asked.push(await request.json());
    server.use(
      ...libraryWith({ installs: [anInstall(), anInstall({ root: "/opt/sm", reads_paths: false })] }),
      http.post("*/api/comfyui/paths/plan", async ({ request }) => {
        await record(request);
        return answer(plan);
      }),
      http.post("*/api/comfyui/paths/write", async ({ request }) => {
        await record(request);
        return answer({ file: plan.file, undo_id: "u1" });
      }),
      http.post("*/api/comfyui/paths/undo", async ({ request }) => {
        await record(request);
        return answer({ file: plan.file, undo_id: null });
      }),
    );
    const { user } = open("/settings");
    await user.click(await screen.findByLabelText("Folder of ComfyUI"));
    await user.click(await screen.findByRole("button", { name: "ComfyUI: /opt/ComfyUI" }));
    expect(screen.queryByText(/opt\/sm/)).not.toBeInTheDocument();
    expect(await screen.findByRole("region", { name: "What would change" })).toHaveTextContent("+sd_model_manager:");
    await user.click(screen.getByRole("button", { name: "Write the file" }));
    expect(await screen.findByText(/^Written to/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText(/is as it was before/)).toBeInTheDocument();
    expect(asked).toEqual([{ path: "/opt/ComfyUI" }, { path: "/opt/ComfyUI", digest: "abc" }, { undo_id: "u1" }]);
  });

  test("a refusal says why beside the field", async () => {
    server.use(http.post("*/api/comfyui/paths/plan", () => refusal(400, "NOT_COMFYUI", "/tmp is no ComfyUI.")));
    const { user } = open("/settings");
    await user.type(await screen.findByLabelText("Folder of ComfyUI"), "/tmp{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent("/tmp is no ComfyUI.");
  });

  test("a file that lists everything says so, and one that is not there yet would be made", async () => {
    server.use(http.post("*/api/comfyui/paths/plan", () => answer({ ...plan, diff: [] })));
    const { user } = open("/settings");
    const field = await screen.findByLabelText("Folder of ComfyUI");
    await user.type(field, "/opt/ComfyUI{Enter}");
    expect(await screen.findByText("This ComfyUI sees all of your library already.")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Write the file" })).not.toBeInTheDocument();
    server.use(http.post("*/api/comfyui/paths/plan", () => answer({ ...plan, exists: false })));
    await user.type(field, "{Enter}");
    expect(await screen.findByText(/would be made, with this in it/)).toBeInTheDocument();
  });

  test("the text can be copied by hand", async () => {
    server.use(
      http.get("*/api/comfyui/paths", () => answer({ text: "sd_model_manager:\n  loras: |\n    /m\n", folders: {} })),
    );
    const { user } = open("/settings");
    await user.click(await screen.findByText("Show the text to copy by hand"));
    const text = await screen.findByRole("region", { name: "Section for extra_model_paths.yaml" });
    expect(text).toHaveTextContent("sd_model_manager: loras: | /m");
    await user.click(screen.getByRole("button", { name: "Copy the section" }));
    expect(await navigator.clipboard.readText()).toBe("sd_model_manager:\n  loras: |\n    /m\n");
  });
});
