import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { render, screen } from "@testing-library/react";
import { beforeEach, describe, expect, test } from "vitest";
import document from "@/api/openapi.json";
import { Sentence } from "@/components/sentence";
import { messages } from "@/locales/ja.po";
import { loadWords, type Said, tell } from "@/words/tell";

const SERVER = { message: "'a.safetensors' exists already and is not overwritten.", code: "FILE_EXISTS" };
const JAPANESE = /[ぁ-んァ-ヶ一-龠]/;

/** Everything that any sentence names. */
const FACTS = {
  ...Object.fromEntries(
    "path folder other file verdict copy page announced found model offered name host port got expected source text field possible alike sign paths numbers contents problem"
      .split(" ")
      .map((fact) => [fact, fact === "problem" ? "truncated" : `<${fact}>`]),
  ),
  ...Object.fromEntries(
    "missing_bytes announced_bytes excess_bytes expected_bytes found_bytes position limit missing total count retry_after_seconds"
      .split(" ")
      .map((fact) => [fact, 12]),
  ),
  names: ["a", "b"],
  available_from: "2027-03-01T10:00:00Z",
};
const NUMBERS_INSTEAD = { got: 1, expected: 2 };

function codesOf(
  name: "FailureCode" | "CautionCode" | "ProblemCode" | "ScanProblemCode" | "QueryProblem" | "LicenceTerm",
): string[] {
  return document.components.schemas[name].enum;
}

beforeEach(async () => {
  i18n.loadAndActivate({ locale: "ja", messages });
  await loadWords("ja");
});

describe.each([
  ["failure", codesOf("FailureCode").filter((code) => code !== "BAD_QUERY")],
  ["caution", codesOf("CautionCode")],
  ["problem", codesOf("ProblemCode")],
  ["scanProblem", codesOf("ScanProblemCode")],
  ["licenceTerm", codesOf("LicenceTerm")],
] as const)("a %s", (kind, codes) => {
  test.each(codes)("of the code %s is told in Japanese, with all that it names", (code) => {
    const details = code === "WRONG_SIZE" ? { ...FACTS, ...NUMBERS_INSTEAD } : FACTS;
    const told = tell({ code, details, message: "In English." }, kind);
    expect(told.text).toMatch(JAPANESE);
    expect(told.text).not.toMatch(/undefined|NaN|\{/);
    expect(told.lang).toBeUndefined();
  });
});

test.each(codesOf("QueryProblem"))("a search that cannot be read because of %s is told in Japanese", (problem) => {
  const told = tell({ code: "BAD_QUERY", details: { ...FACTS, problem, field: "size" }, message: "In English." });
  expect(told.text).toMatch(/^検索の 13 文字目を解釈できません。 .*[ぁ-ん]/);
});

test("an English page says what the server says", () => {
  i18n.loadAndActivate({ locale: "en", messages: {} });
  expect(tell({ ...SERVER, details: { path: "a.safetensors" } })).toEqual({ text: SERVER.message });
});

test.each<[string, Said]>([
  ["has a code that this page does not know", { ...SERVER, code: "OF_A_NEWER_SERVER", details: {} }],
  ["leaves out what the sentence names", SERVER],
])("what %s stays in English, and is marked as that", (_, said) => {
  expect(tell(said)).toEqual({ text: SERVER.message, lang: "en" });
});

test("a sentence for many causes has the server's own beside it, marked as English", () => {
  const said = { code: "NOT_FOUND", message: "There is no saved search number 7." };
  render(<Sentence said={said} />, { wrapper: ({ children }) => <I18nProvider i18n={i18n}>{children}</I18nProvider> });
  expect(screen.getByText("見つかりません。すでに削除された可能性があります。")).toBeVisible();
  expect(screen.getByText("There is no saved search number 7.")).toHaveAttribute("lang", "en");
});

test("numbers, sizes and times are written as in Japan", () => {
  const details = { folder: "/models", missing_bytes: 5_100_000_000 };
  expect(tell({ code: "NO_SPACE", details }).text).toBe(
    "/models のディスクの空きが足りません。このダウンロードには、あと 5.1 GB 空ける必要があります。",
  );
  expect(tell({ code: "SOURCE_RATE_LIMITED", details: { source: "civitai", retry_after_seconds: 90 } }).text).toBe(
    "リクエストが多すぎるため、Civitai から少し待つよう求められました。1 分 30 秒後にもう一度試してください。",
  );
});
