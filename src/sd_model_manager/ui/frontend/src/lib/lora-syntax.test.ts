import { expect, test } from "vitest";
import { loraSyntax } from "@/lib/lora-syntax";

test("a LoRA is loaded as strongly as it is best used, else at full weight", () => {
  expect(loraSyntax("ink_v1.5.safetensors", 0.8)).toBe("<lora:ink_v1.5:0.8>");
  expect(loraSyntax("ink_v1.5.safetensors")).toBe("<lora:ink_v1.5:1>");
});
