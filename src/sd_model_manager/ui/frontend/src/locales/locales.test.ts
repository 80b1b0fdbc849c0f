import path from "node:path";
import { expect, test } from "vitest";
import { preferred } from "@/lib/locale";
import { compileCatalogue } from "../../scripts/lingui.ts";

const folder = path.join(import.meta.dirname);

test("every text of the page has a Japanese translation", () => {
  const english = compileCatalogue(path.join(folder, "en.po"));
  const japanese = compileCatalogue(path.join(folder, "ja.po"));
  expect(Object.keys(japanese).sort()).toEqual(Object.keys(english).sort());
});

test.each([
  [["ja-JP", "en-US"], "ja"],
  [["de-DE", "ja"], "ja"],
  [["fr-FR"], "en"],
  [[], "en"],
])("a browser that speaks %j sees %s", (languages, chosen) => {
  expect(preferred(languages)).toBe(chosen);
});
