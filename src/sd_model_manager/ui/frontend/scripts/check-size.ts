// Fails when the JavaScript that a page needs before it can be shown is over the budget (gzip).
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** The library comes with the frame around every page. */
const LIBRARY = "index.html";
const LIBRARY_BYTES = 150 * 1024;
const PAGE_BYTES = 200_000;
const STATIC = "../static";

interface Chunk {
  file: string;
  src?: string;
  imports?: string[];
}

const manifest = JSON.parse(readFileSync(`${STATIC}/.vite/manifest.json`, "utf-8")) as Record<string, Chunk>;

/** The chunk and everything it imports at once. */
function closure(key: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (!chunk || found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const imported of chunk.imports ?? []) closure(imported, found);
  return found;
}

// The panel of a model opens inside the library, which is on the screen by then.
const pages = Object.keys(manifest).filter((key) => key.startsWith("src/pages/") && !key.endsWith("/model.tsx"));
let isOver = false;
for (const name of ["index.html", ...pages]) {
  const files = new Set(["index.html", "src/locales/en.po?first", name].flatMap((key) => [...closure(key)]));
  const scripts = [...files].filter((file) => file.endsWith(".js"));
  const bytes = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(`${STATIC}/${file}`)).length, 0);
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} KB  ${name}`);
  isOver ||= bytes > (name === LIBRARY ? LIBRARY_BYTES : PAGE_BYTES);
}
if (isOver) {
  console.error(
    `Compressed JavaScript is over the budget: ${LIBRARY_BYTES / 1000} KB for the library, ${PAGE_BYTES / 1000} KB for another page.`,
  );
  process.exit(1);
}
