import { expect, test } from "vitest";
import { findLinks, isPasteOfLinks } from "@/lib/links";

test("links are taken in order, each once", () => {
  expect(findLinks(" https://a.example/1\r\nhttps://b.example/2\n\nhttps://a.example/1 ")).toEqual([
    "https://a.example/1",
    "https://b.example/2",
  ]);
});

test.each([
  ["https://civitai.com/models/1", true],
  ["urn:air:sdxl:lora:civitai:1@2", true],
  ["https://a.example\nhttps://b.example", true],
  ["", false],
  ["masterpiece, 1girl", false],
  ["look at https://a.example", false],
])("%j pasted on a page is a download: %s", (text, is) => {
  expect(isPasteOfLinks(text)).toBe(is);
});
