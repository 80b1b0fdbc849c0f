import { expect, test } from "vitest";
import { fromCharacters, toCharacters } from "@/lib/code-points";

test("a character that JavaScript counts twice is one for the server, and back", () => {
  const text = "🖌 墨 ty";
  expect(toCharacters(text, text.length)).toBe(6);
  expect(text.slice(fromCharacters(text, 4))).toBe("ty");
});
