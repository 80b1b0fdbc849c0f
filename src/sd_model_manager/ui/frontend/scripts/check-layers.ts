// lib, api <- words <- components <- features <- pages <- app; a feature never imports another one.
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

const MAY_IMPORT: Record<string, string[]> = {
  lib: ["lib", "locales"],
  api: ["lib", "api"],
  words: ["lib", "api", "words"],
  components: ["lib", "api", "words", "components"],
  features: ["lib", "api", "words", "components", "features"],
  pages: ["lib", "api", "words", "components", "features"],
  app: ["lib", "api", "words", "components", "features", "pages", "app"],
};

const wrong: string[] = [];
for (const file of globSync("src/**/*.{ts,tsx}")) {
  const [, room = "", feature = ""] = file.split(path.sep);
  const allowed = MAY_IMPORT[room];
  if (!allowed || file.includes(".test.")) continue;
  for (const [, target = ""] of readFileSync(file, "utf-8").matchAll(/(?:from|import)\s*\(?"@\/([^"]+)"/g)) {
    const [targetRoom = "", targetFeature = ""] = target.split("/");
    const isOtherFeature = room === "features" && targetRoom === "features" && targetFeature !== feature;
    if (!allowed.includes(targetRoom) || isOtherFeature) wrong.push(`${file} must not import @/${target}`);
  }
}
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exit(1);
}
