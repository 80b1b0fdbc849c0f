import { describe, expect, test } from "vitest";
import { readTraining } from "@/lib/training";

describe("what a file says of its training", () => {
  test("is read as kohya's scripts write it", () => {
    const training = readTraining({
      ss_tag_frequency: JSON.stringify({ "10_ink": { ink: 20, " wash ": 5 }, "5_more": { ink: 3 } }),
      ss_resolution: "(1024, 768)",
      ss_num_train_images: "120",
      ss_steps: "1800",
      ss_max_train_steps: "2000",
      ss_epoch: "10",
      ss_network_dim: "32",
      ss_network_alpha: "16.0",
      ss_unet_lr: "0.0001",
      ss_optimizer: "bitsandbytes.optim.adamw.AdamW8bit(weight_decay=0.1)",
      ss_sd_model_name: "illustrious.safetensors",
    });
    expect(training).toEqual({
      tags: [
        { tag: "ink", count: 23 },
        { tag: "wash", count: 5 },
      ],
      resolution: "1024 × 768",
      pictures: 120,
      steps: 1800,
      epochs: 10,
      rank: "32 / 16.0",
      learningRate: "0.0001",
      optimizer: "AdamW8bit",
      madeFrom: "illustrious.safetensors",
    });
  });

  test("is nothing where the file was not trained so", () => {
    expect(readTraining({ "modelspec.title": "Ink", ss_steps: "None" })).toBeNull();
  });

  test("is read as far as it goes where it was cut off", () => {
    const cut = '{"10_ink": {"ink": 20, "a \\"quoted\\" tag": 4, "wash": 3, "wat';
    expect(readTraining({ ss_tag_frequency: cut })?.tags.map(({ tag }) => tag)).toEqual([
      "ink",
      'a "quoted" tag',
      "wash",
    ]);
  });
});
