import { expect, test } from "vitest";
import { fillTemplate } from "@/features/settings/path-example";

test.each([
  ["{type}", "loras/quiet_harbour.safetensors"],
  ["/{type}/{base_model} {year}/", "loras/SDXL 1.0 2026/quiet_harbour.safetensors"],
  ["{type}/{model_name} {file_name}", "loras/Quiet Harbour quiet_harbour.safetensors"],
  ["mine/{colour}", "mine/{colour}/quiet_harbour.safetensors"],
  ["", "quiet_harbour.safetensors"],
])("an example shows where downloads go by %s", (template, path) => {
  expect(fillTemplate(template)).toBe(path);
});
