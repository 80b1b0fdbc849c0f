import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import type { Generation, ModelDetail } from "@/api/types";
import { aModel, aModelDetail, aPublishedDetail } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, refusal, server } from "@/testing/server";

type PublishedImage = NonNullable<ModelDetail["published_detail"]>["images"][number];

function openModel(part: Parameters<typeof aModelDetail>[0]) {
  server.use(
    ...libraryWith({ models: [aModel()] }),
    http.get("*/api/models/1", () => answer(aModelDetail(part))),
  );
  return open("/models/1");
}

const made: Generation = {
  negative_prompt: "lowres",
  sampler: "Euler a",
  scheduler: null,
  steps: 28,
  cfg_scale: 5,
  seed: "18446744073709551615",
  size: "832x1216",
  clip_skip: null,
  model: "harbour, final",
  resources: [{ type: "lora", name: null, weight: 0.8, version_id: "9100303" }],
};

function aPicture(number: number, part: Partial<PublishedImage> = {}): PublishedImage {
  return {
    url: `https://image.civitai.com/${number}.png`,
    media: "image",
    width: 8,
    height: 8,
    nsfw_level: 1,
    mature_level: "pg",
    prompt: `cat ${number}`,
    generation: null,
    ...part,
  };
}

/** Opens a model whose source shows these pictures, which are loaded. */
async function openPublished(images: PublishedImage[]) {
  const { user } = openModel({ published_detail: aPublishedDetail({ images }) });
  await user.click(await screen.findByRole("button", { name: /^Load \d+ pictures? from the web$/ }));
  return user;
}

async function findViewer() {
  return within(await screen.findByRole("dialog", { name: "Velvet Dreams 1" }));
}

describe("the pictures of a model", () => {
  const url = "/api/models/1/previews/7";

  test("contacts nobody for the pictures of the publisher until asked", async () => {
    const { user } = openModel({
      published_detail: aPublishedDetail({
        licence: "credit required",
        description_html: '<p>Soft.</p><img src="https://image.civitai.com/in-text.png" alt="sample">',
        images: [aPicture(1)],
      }),
    });
    const load = await screen.findByRole("button", { name: "Load 1 picture from the web" });
    const panel = screen.getByRole("complementary", { name: "Model" });
    expect(within(panel).getByRole("link", { name: "sample" })).toHaveAttribute("target", "_blank");
    expect(panel.querySelector('img[src^="http"]')).toBeNull();
    await user.click(load);
    expect(panel.querySelector('img[src^="http"]')).toHaveAttribute("src", "https://image.civitai.com/1.png");
    expect(within(panel).getByRole("button", { name: "Copy the prompt" })).toBeInTheDocument();
    expect(within(panel).getByText("Licence: credit required")).toBeInTheDocument();
  });

  test("one of them is shown large with how it was made, each part to copy", async () => {
    const user = await openPublished([aPicture(1, { generation: made })]);
    await user.click(await screen.findByRole("button", { name: "Show picture 1 large" }));
    const viewer = await findViewer();
    expect(viewer.getByRole("img", { name: "Picture 1 of Velvet Dreams 1" })).toHaveAttribute(
      "src",
      "https://image.civitai.com/1.png",
    );
    for (const [name, text] of [
      ["Copy the prompt", "cat 1"],
      ["Copy the negative prompt", "lowres"],
      ["18446744073709551615", "18446744073709551615"],
      ["Euler a", "Euler a"],
    ] as const) {
      await user.click(viewer.getByRole("button", { name }));
      expect(await navigator.clipboard.readText()).toBe(text);
    }
    await user.click(viewer.getByRole("button", { name: /^Copy all/ }));
    expect(await navigator.clipboard.readText()).toBe(
      "cat 1\nNegative prompt: lowres\nSteps: 28, Sampler: Euler a, CFG scale: 5, Seed: 18446744073709551615, " +
        'Size: 832x1216, Model: "harbour, final"',
    );
    expect(viewer.getByRole("link", { name: "Version 9100303 on Civitai" })).toHaveAttribute(
      "href",
      "https://civitai.com/model-versions/9100303",
    );
    expect(viewer.queryByRole("button", { name: "Next picture" })).toBeNull();
  });

  test("arrow keys and buttons go round, Escape closes it alone and the focus returns", async () => {
    const film = aPicture(3, { media: "video", url: "https://image.civitai.com/3.mp4" });
    const user = await openPublished([aPicture(1), aPicture(2), film]);
    const opener = await screen.findByRole("button", { name: "Show picture 2 large" });
    await user.click(opener);
    const viewer = await findViewer();
    expect(viewer.getByText("Picture 2 of 3")).toBeInTheDocument();
    await user.keyboard("{ArrowRight}");
    expect(viewer.getByText("cat 3")).toBeInTheDocument();
    expect(viewer.getByLabelText("Picture 3 of Velvet Dreams 1")).toHaveAttribute("src", film.url);
    await user.click(viewer.getByRole("button", { name: "Next picture" }));
    expect(viewer.getByText("cat 1")).toBeInTheDocument();
    await user.keyboard("{ArrowLeft}{ArrowLeft}");
    expect(viewer.getByText("cat 2")).toBeInTheDocument();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.getByRole("complementary", { name: "Model" })).toBeInTheDocument();
    expect(opener).toHaveFocus();
  });

  test("what is withheld is neither shown large nor passed by", async () => {
    const user = await openPublished([
      aPicture(1, { url: null, prompt: null, mature_level: "x" }),
      aPicture(2),
      aPicture(3),
    ]);
    await user.click(await screen.findByRole("button", { name: "Show picture 3 large" }));
    const viewer = await findViewer();
    expect(viewer.getByText("Picture 2 of 2")).toBeInTheDocument();
    await user.click(viewer.getByRole("button", { name: "Next picture" }));
    expect(viewer.getByText("cat 2")).toBeInTheDocument();
  });

  test("a picture of the user's own is read when it is looked at", async () => {
    const asked: string[] = [];
    server.use(
      http.get("*/api/models/1/previews/:previewId/text", ({ params }) => {
        asked.push(`${params.previewId}`);
        if (params.previewId === "8") return refusal(404, "NOT_FOUND", "The preview is gone from the disk.");
        return answer({ prompt: "a canal", generation: null, has_workflow: true });
      }),
    );
    const previews = [7, 8].map((id) => ({ id, url: `/api/models/1/previews/${id}`, media: "image", origin: "file" }));
    const { user } = openModel({ preview_url: url, preview_media: "image", previews: previews as never });
    const opener = await screen.findByRole("button", { name: "Show the picture large" });
    expect(asked).toEqual([]);
    await user.click(opener);
    const viewer = await findViewer();
    expect(await viewer.findByText("a canal")).toBeInTheDocument();
    expect(viewer.getByText(/ComfyUI workflow/)).toBeInTheDocument();
    expect(viewer.getByRole("link", { name: "Open the original in a new tab" })).toHaveAttribute("href", url);
    await user.keyboard("{ArrowRight}");
    expect(await viewer.findByText("How this was made is not told.")).toBeInTheDocument();
    expect(asked).toEqual(["7", "8"]);
  });

  test("the large one is a thumbnail", async () => {
    openModel({ preview_url: url, preview_media: "image", previews: [{ id: 7, url, media: "image" } as never] });
    const opener = await screen.findByRole("button", { name: "Show the picture large" });
    const [backdrop, picture] = opener.querySelectorAll("img");
    expect(backdrop).toHaveAttribute("src", `${url}?size=small`);
    expect(picture).toHaveAttribute("src", `${url}?size=large`);
  });

  describe("which one stands on the card", () => {
    const previews = [7, 8].map((id) => ({
      id,
      url: `/api/models/1/previews/${id}`,
      media: "image" as const,
      origin: "file" as const,
    }));
    const own = { id: 0, url: "/api/models/1/preview/own.png", media: "image" as const, origin: "own" as const };

    test("is chosen among its own", async () => {
      const asked: unknown[] = [];
      server.use(
        http.post("*/api/models/1/preview", async ({ request }) => {
          asked.push(await request.json());
          return answer(aModelDetail({ preview_url: own.url, previews: [own, ...previews] }));
        }),
      );
      const { user } = openModel({ preview_url: url, preview_media: "image", previews });
      await user.click(await screen.findByRole("button", { name: "Preview 2 of 2" }));
      await user.click(screen.getByRole("button", { name: "Picture of the card" }));
      await user.click(await screen.findByRole("menuitem", { name: "Show it on the card" }));
      expect(await screen.findByRole("button", { name: "Preview 1 of 3", pressed: true })).toBeInTheDocument();
      expect(asked).toEqual([{ preview_id: 8 }]);
    });

    test("may be the user's own, which is taken back", async () => {
      const given: (string | null)[] = [];
      let isOwn = false;
      const now = () => aModelDetail(isOwn ? { preview_url: own.url, previews: [own] } : {});
      const change = (makesOwn: boolean) => {
        isOwn = makesOwn;
        return answer(now());
      };
      server.use(
        ...libraryWith({ models: [aModel()] }),
        http.get("*/api/models/1", () => answer(now())),
        http.put("*/api/models/1/preview", ({ request }) => {
          given.push(request.headers.get("Content-Type"));
          return change(true);
        }),
        http.delete("*/api/models/1/preview", () => change(false)),
      );
      const { user } = open("/models/1");
      const menu = await screen.findByRole("button", { name: "Picture of the card" });
      await user.upload(
        screen.getByLabelText("A picture of your own"),
        new File(["x"], "a.png", { type: "image/png" }),
      );
      const opener = await screen.findByRole("button", { name: "Show the picture large" });
      expect(opener.querySelector("img")).toHaveAttribute("src", `${own.url}?size=small`);
      expect(given).toEqual(["image/png"]);
      await user.click(menu);
      await user.click(await screen.findByRole("menuitem", { name: "Take your picture back" }));
      await waitFor(() => expect(screen.queryByRole("button", { name: "Show the picture large" })).toBeNull());
    });
  });
});
