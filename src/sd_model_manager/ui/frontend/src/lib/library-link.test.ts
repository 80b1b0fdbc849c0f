import { expect, test } from "vitest";
import { libraryLink, term } from "@/lib/library-link";

test("a link to the library carries its filters as the library's address has them", () => {
  expect(libraryLink({})).toBe("/");
  expect(libraryLink({ type: "lora", base_model: "SDXL 1.0" })).toBe("/?type=lora&base_model=SDXL+1.0");
  expect(libraryLink({ base_model: null })).toBe("/?base_model=unknown");
  expect(libraryLink({ folder: "" })).toBe("/?folder=");
});

test("a value with spaces, commas or quotes is quoted as the search language wants it", () => {
  expect(term("precision", "fp16")).toBe("precision:fp16");
  expect(term("-precision", "fp16", "q4 k,m")).toBe('-precision:fp16,"q4 k,m"');
  expect(term("creator", 'the "one"')).toBe('creator:"the ""one"""');
});
