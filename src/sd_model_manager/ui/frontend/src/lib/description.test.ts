import { expect, test } from "vitest";
import { prepareDescription } from "@/lib/description";

test("a picture in a description becomes a link, so that reading it contacts nobody", () => {
  const prepared = prepareDescription('<p>See <img src="https://elsewhere.example/a.png" alt="sample"></p>');
  expect(prepared).not.toContain("<img");
  expect(prepared).toContain('href="https://elsewhere.example/a.png"');
  expect(prepared).toContain(">sample</a>");
});

test("links open beside the page and tell nobody where they come from", () => {
  const prepared = prepareDescription('<a href="https://elsewhere.example">guide</a>');
  expect(prepared).toContain('target="_blank"');
  expect(prepared).toContain("noreferrer");
});
