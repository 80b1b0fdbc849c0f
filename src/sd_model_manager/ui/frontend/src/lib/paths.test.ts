import { expect, test } from "vitest";
import { folderOf, nameOf } from "@/lib/paths";

test.each([
  ["/models/loras/ink.safetensors", "/models/loras"],
  ["D:\\models\\loras\\ink.safetensors", "D:\\models\\loras"],
  ["/ink.safetensors", "/"],
  ["D:\\ink.safetensors", "D:\\"],
])("%s lies in %s", (path, folder) => {
  expect(folderOf(path)).toBe(folder);
  expect(nameOf(path)).toBe("ink.safetensors");
});
