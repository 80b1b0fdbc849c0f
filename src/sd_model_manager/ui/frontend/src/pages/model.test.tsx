import { screen, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, test } from "vitest";
import { aModel, aModelDetail } from "@/testing/examples";
import { open } from "@/testing/open";
import { answer, libraryWith, server } from "@/testing/server";

function openModel(part: Parameters<typeof aModelDetail>[0]) {
  server.use(
    ...libraryWith({ models: [aModel()] }),
    http.get("*/api/models/1", () => answer(aModelDetail(part))),
  );
  return open("/models/1");
}

const published = {
  source: "civitai",
  model_id: "1001",
  version_id: "9001",
  model_name: "Velvet Dreams",
  version_name: "v1",
  creator: "lumen",
  url: "https://civitai.com/models/1001",
};

describe("the panel of a model", () => {
  test("copies one trigger word, all of them, and what loads the LoRA", async () => {
    const { user } = openModel({ trigger_words: ["ink wash", "1girl"] });
    await user.click(await screen.findByRole("button", { name: /^ink wash/ }));
    expect(await navigator.clipboard.readText()).toBe("ink wash");
    await user.click(screen.getByRole("button", { name: "Copy all trigger words" }));
    expect(await navigator.clipboard.readText()).toBe("ink wash, 1girl");
    await user.click(screen.getByRole("button", { name: /<lora:/ }));
    expect(await navigator.clipboard.readText()).toBe("<lora:velvet_dreams_1:1>");
  });

  test("copies the path and the hashes", async () => {
    const { user } = openModel({});
    await user.click(await screen.findByRole("button", { name: "Copy the path" }));
    expect(await navigator.clipboard.readText()).toBe("/models/loras/velvet_dreams_1.safetensors");
    await user.click(screen.getByRole("button", { name: "Copy SHA-256" }));
    expect(await navigator.clipboard.readText()).toBe("ab".repeat(32));
  });

  test("says how sure it is of what the file is, and why", async () => {
    openModel({});
    expect(await screen.findByText("Certain, 98%")).toBeInTheDocument();
    expect(screen.getByText("two text encoders")).toBeInTheDocument();
  });

  test("contacts nobody for the pictures of the publisher until asked", async () => {
    const image = { media: "image", width: 8, height: 8, nsfw_level: 1, prompt: "a cat" } as const;
    const { user } = openModel({
      published,
      published_detail: {
        ...published,
        base_model: null,
        description_html: '<p>Soft.</p><img src="https://image.civitai.com/in-text.png" alt="sample">',
        version_description_html: null,
        trigger_words: [],
        tags: [],
        images: [{ ...image, url: "https://image.civitai.com/1.png" }],
        nsfw_level: 1,
        published_at: null,
        fetched_at: "2026-05-01T12:00:00Z",
      },
    });
    const load = await screen.findByRole("button", { name: "Load 1 picture from the web" });
    const panel = screen.getByRole("complementary", { name: "Model" });
    expect(within(panel).getByRole("link", { name: "sample" })).toHaveAttribute("target", "_blank");
    expect(panel.querySelector('img[src^="http"]')).toBeNull();
    await user.click(load);
    expect(within(panel).getByRole("img", { name: "a cat" })).toBeInTheDocument();
  });
});
