import { expect, test } from "vitest";
import { findLinks, isPasteOfLinks } from "@/lib/links";

test("links are taken in order, each once", () => {
  expect(findLinks(" https://a.example/1\r\nhttps://b.example/2\n\nhttps://a.example/1 ")).toEqual([
    "https://a.example/1",
    "https://b.example/2",
  ]);
});

test("what is written around links is left out", () => {
  const text = "Try <https://a.example/1>, (civitai.com/models/2?modelVersionId=3) or urn:air:sdxl:lora:civitai:1@2!";
  expect(findLinks(text)).toEqual([
    "https://a.example/1",
    "https://civitai.com/models/2?modelVersionId=3",
    "urn:air:sdxl:lora:civitai:1@2",
  ]);
});

test("where there is no link, words may be bare names", () => {
  expect(findLinks("author/one author/two")).toEqual(["author/one", "author/two"]);
});

test.each([
  ["https://civitai.com/models/1", true],
  ["urn:air:sdxl:lora:civitai:1@2", true],
  ["https://a.example\nhttps://b.example", true],
  ["", false],
  ["masterpiece, 1girl", false],
  ["look at https://a.example", false],
  ["look at https://civitai.com/models/1!", true],
  ["civitai.com/models/1", true],
  ["author/repository", false],
])("%j pasted on a page is a download: %s", (text, is) => {
  expect(isPasteOfLinks(text)).toBe(is);
});
