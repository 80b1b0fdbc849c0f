import path from "node:path";
import { generateMessageId } from "@lingui/message-utils/generateMessageId";
import { expect, test } from "vitest";
import { preferred } from "@/lib/locale";
import { compileCatalogue } from "../../scripts/lingui.ts";

const folder = path.join(import.meta.dirname);

test("every text of the page has a Japanese translation", () => {
  const english = compileCatalogue(path.join(folder, "en.po"));
  const japanese = compileCatalogue(path.join(folder, "ja.po"));
  expect(Object.keys(japanese).sort()).toEqual(Object.keys(english).sort());
});

test("what only further pages show is left out of the first catalogue, and nothing is lost", () => {
  const file = path.join(folder, "en.po");
  const [all, first, further] = [null, "first", "further"].map((part) => compileCatalogue(file, part));
  expect({ ...first, ...further }).toEqual(all);
  expect(first).not.toHaveProperty(generateMessageId("Nothing to show yet"));
  expect(further).toHaveProperty(generateMessageId("Nothing to show yet"));
  expect(first).toHaveProperty(generateMessageId("Discover"));
});

test.each([
  [["ja-JP", "en-US"], "ja"],
  [["de-DE", "ja"], "ja"],
  [["fr-FR"], "en"],
  [[], "en"],
])("a browser that speaks %j sees %s", (languages, chosen) => {
  expect(preferred(languages)).toBe(chosen);
});
