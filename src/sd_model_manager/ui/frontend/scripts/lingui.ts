import { readFileSync } from "node:fs";
import path from "node:path";
import { transformAsync } from "@babel/core";
import macro from "@lingui/babel-plugin-lingui-macro";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import { generateMessageId } from "@lingui/message-utils/generateMessageId";
import { parsePo } from "pofile-ts";
import type { Plugin } from "vite";

/**
 * Where the messages stand that the first page needs: the frame around every page, and the library. What comes with
 * the first selection brings its own.
 */
const FIRST =
  /^src\/(app|components(?!\/(folders|export|look-up|picture-viewer)\b)|lib|features\/(library(?!\/(bulk-bar|tag-dialog)\b)|status)|pages\/library)\b/;

/** A catalogue comes in two parts, so that the library need not wait for what is said elsewhere. */
type Part = "first" | "rest" | "all";

/** What a catalogue says, ready for `i18n.load`; an untranslated message is an error, so that a build fails on it. */
export function compileCatalogue(file: string, part: Part = "all"): Record<string, unknown> {
  const messages: Record<string, unknown> = {};
  const isSource = path.basename(file) === "en.po";
  for (const item of parsePo(readFileSync(file, "utf-8")).items) {
    if (item.obsolete) continue;
    if (part !== "all" && item.references.some((place) => FIRST.test(place)) !== (part === "first")) continue;
    const text = item.msgstr[0] || (isSource ? item.msgid : "");
    if (!text) throw new Error(`${path.basename(file)} has no translation for "${item.msgid}"; add it there.`);
    messages[generateMessageId(item.msgid, item.msgctxt ?? undefined)] = compileMessageOrThrow(text);
  }
  return messages;
}

/**
 * Expands the Lingui macros and loads `.po` files.
 *
 * `@lingui/vite-plugin` does the same, but neither it nor its native transform runs on Node 20, on which an
 * installation may have to build.
 */
export function lingui(): Plugin {
  return {
    name: "lingui",
    enforce: "pre",
    async transform(code, id) {
      const [file = id, part] = id.split("?");
      if (file.endsWith(".po")) {
        const messages = compileCatalogue(file, part === "first" || part === "rest" ? part : "all");
        return {
          code: `export const messages = ${JSON.stringify(messages)}`,
          map: null,
          moduleType: "js",
        };
      }
      if (!/\.tsx?$/.test(file) || !/from "@lingui\/(core|react)\/macro"/.test(code)) return null;
      const descriptorFields = this.environment.config.isProduction ? "id-only" : "all";
      const expanded = await transformAsync(code, {
        filename: file,
        babelrc: false,
        configFile: false,
        sourceMaps: true,
        parserOpts: { plugins: file.endsWith("x") ? ["typescript", "jsx"] : ["typescript"] },
        plugins: [[macro, { descriptorFields }]],
      });
      return expanded?.code ? { code: expanded.code, map: expanded.map ?? null } : null;
    },
  };
}
