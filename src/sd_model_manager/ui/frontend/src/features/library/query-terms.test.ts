import { describe, expect, test } from "vitest";
import { hasTerm, quoted, toggledAlternative, toggledTerm } from "@/features/library/query-terms";

describe("a term of a query", () => {
  test("goes behind the others, and is taken out wherever it stands and however it is written", () => {
    expect(toggledTerm('ink "paper lantern"', "is:favorite")).toBe('ink "paper lantern" is:favorite');
    expect(toggledTerm("ink IS:favorite -style", "is:favorite")).toBe("ink -style");
  });

  test("may have spaces, quotes and commas in quotes", () => {
    const term = `collection:${quoted('say "hi", twice')}`;
    expect(term).toBe('collection:"say ""hi"", twice"');
    expect(hasTerm(`ink ${term} wash`, term)).toBe(true);
    expect(toggledTerm(`ink ${term} wash`, term)).toBe("ink wash");
  });

  test("a quote that is not closed goes on to the end", () => {
    expect(toggledTerm('is:favorite "paper lan', "is:favorite")).toBe('"paper lan');
  });
});

describe("alternatives of a field", () => {
  const group = ["broken", "missing", "offline"];

  test("are gathered in one term, so that any of them is found", () => {
    expect(toggledAlternative("ink is:missing", "is", group, "offline")).toBe("ink is:missing,offline");
    expect(toggledAlternative("is:missing,offline ink", "is", group, "missing")).toBe("ink is:offline");
    expect(toggledAlternative("ink is:missing", "is", group, "missing")).toBe("ink");
  });

  test("leave other values of the field alone", () => {
    expect(toggledAlternative("is:favorite", "is", group, "broken")).toBe("is:favorite is:broken");
  });
});
