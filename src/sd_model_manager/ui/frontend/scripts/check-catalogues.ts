// Fails when a text of the page is not in the catalogues, or not translated.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { compileCatalogue } from "./lingui.ts";

const CATALOGUES = ["src/locales/en.po", "src/locales/ja.po"];

const before = CATALOGUES.map((file) => readFileSync(file, "utf-8"));
execFileSync("npm", ["run", "--silent", "i18n:extract"], { stdio: "ignore", shell: process.platform === "win32" });
const after = CATALOGUES.map((file) => readFileSync(file, "utf-8"));
CATALOGUES.forEach((file, index) => {
  writeFileSync(file, before[index] ?? "");
});
if (before.join() !== after.join()) {
  console.error("The catalogues are not what the source says: run `npm run i18n:extract` and translate what is new.");
  process.exit(1);
}
for (const file of CATALOGUES) {
  console.log(`${file}: ${Object.keys(compileCatalogue(file)).length} messages`);
}
