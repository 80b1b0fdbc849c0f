import { expect, test } from "vitest";
import { tagNamesIn } from "@/lib/tag-names";

test.each([
  ["one,  two  words ,", [], ["one", "two words"]],
  ["風景、夜景", [], ["風景", "夜景"]],
  ["Best, BEST, new", ["best"], ["new"]],
  [" , ", [], []],
])("%j adds to %j the tags %j", (text, known, added) => {
  expect(tagNamesIn(text, known)).toEqual(added);
});
