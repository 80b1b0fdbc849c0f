import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

/** What is shown needs this besides the entry: without a hint a browser learns of it only from that. */
const EARLY = ["src/locales/en.po?first"];
const ENTRY = "src/app/main.tsx";
/** Packages that the frame around every page needs anyway. */
const FRAMEWORK =
  /node_modules\/(react|react-dom|scheduler|react-router|@tanstack|@lingui|clsx|tailwind-merge|openapi-fetch)\//;
const LEAST_BYTES = 1_000;

/**
 * Two files for the frame and the library, and not one for each module that two pages share: on a slow line every
 * request costs more than what it brings.
 */
export const codeSplitting: Rolldown.CodeSplittingOptions = {
  groups: [
    {
      name: (id, chunking) => {
        if (FRAMEWORK.test(id)) return "framework";
        return isFirst(id, (of) => chunking.getModuleInfo(of)?.importers ?? []) ? "library" : null;
      },
    },
  ],
};

/** Whether the entry imports this module of ours, directly or through others. */
function isFirst(id: string, importersOf: (id: string) => readonly string[]): boolean {
  const [pending, seen] = [[id], new Set<string>()];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    const file = one.split("?")[0] ?? one;
    if (file.includes("node_modules") || !file.includes("/src/")) return false;
    if (file.endsWith(ENTRY)) return true;
    if (!seen.has(one)) pending.push(...importersOf(one));
    seen.add(one);
  }
  return false;
}

/** Has the browser fetch what is said in the library together with the entry. */
export function fetchEarly(): Plugin {
  return {
    name: "fetch-early",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((part) => part.type === "chunk");
        const entry = chunks.filter((chunk) => chunk.isEntry).flatMap((chunk) => [chunk.fileName, ...chunk.imports]);
        const wanted = chunks.filter((chunk) => EARLY.some((file) => chunk.facadeModuleId?.endsWith(file)));
        const files = new Set(wanted.flatMap((chunk) => [chunk.fileName, ...chunk.imports]));
        return [...files]
          .filter((file) => !entry.includes(file))
          .map((file) => ({ tag: "link", attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` } }));
      },
    },
  };
}

/** Packs what is text beside itself, once and well, for a server that then need not pack it for every browser. */
export function pack(): Plugin {
  return {
    name: "pack",
    apply: "build",
    writeBundle({ dir = "" }, bundle) {
      for (const name of Object.keys(bundle)) {
        if (!name.startsWith("assets/") || !/\.(js|css|svg)$/.test(name)) continue;
        const file = path.join(dir, name);
        const source = readFileSync(file);
        if (source.length < LEAST_BYTES) continue;
        writeFileSync(`${file}.gz`, gzipSync(source, { level: 9 }));
        writeFileSync(`${file}.br`, brotliCompressSync(source));
      }
    },
  };
}
