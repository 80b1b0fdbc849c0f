import { expect, test } from "vitest";
import { evidenceTeller } from "@/words/evidence";
import words from "@/words/evidence-ja.json";

const tell = evidenceTeller(words, (type) => `<${type}>`);

test.each([
  [
    "SDXL: cross-attention width 2048, label embedding 2816",
    "SDXL: クロスアテンションの幅 2048、ラベル埋め込みの幅 2816",
  ],
  [
    "Stable Diffusion 1: control branch with cross-attention width 768; stored as low-rank difference",
    "Stable Diffusion 1: クロスアテンションの幅が 768 の制御ブランチ、低ランクの差分として保存",
  ],
  [
    "contains besides the diffusion model: autoencoder, text encoder",
    "拡散モデルのほかに含まれるもの: オートエンコーダー、テキストエンコーダー",
  ],
  [
    "Stable Diffusion 1: one vector of width 768 named a: $1",
    "Stable Diffusion 1: 幅 768 のベクトル 1 個（名前は a: $1）",
  ],
  ["folder: files here are usually of type text_encoder", "フォルダー: ここのファイルの種類は通常「<text_encoder>」"],
])("“%s” is said in Japanese with all that it names", (sentence, told) => {
  expect(tell(sentence)).toBe(told);
});

test.each([
  "SDXL: what an earlier version saw",
  "contains besides the diffusion model: autoencoder, something new",
  "",
])("“%s” is not said by halves", (sentence) => {
  expect(tell(sentence)).toBeUndefined();
});
