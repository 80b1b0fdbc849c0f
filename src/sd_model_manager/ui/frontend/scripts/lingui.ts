import { readFileSync } from "node:fs";
import path from "node:path";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import { generateMessageId } from "@lingui/message-utils/generateMessageId";
import { transform } from "@lingui/native-tools";
import { parsePo } from "pofile-ts";
import type { Plugin } from "vite";

/** What a catalogue says, ready for `i18n.load`; an untranslated message is an error, so that a build fails on it. */
export function compileCatalogue(file: string): Record<string, unknown> {
  const messages: Record<string, unknown> = {};
  const isSource = path.basename(file) === "en.po";
  for (const item of parsePo(readFileSync(file, "utf-8")).items) {
    if (item.obsolete) continue;
    const text = item.msgstr[0] || (isSource ? item.msgid : "");
    if (!text) throw new Error(`${path.basename(file)} has no translation for "${item.msgid}"; add it there.`);
    messages[generateMessageId(item.msgid, item.msgctxt ?? undefined)] = compileMessageOrThrow(text);
  }
  return messages;
}

/**
 * Expands the Lingui macros and loads `.po` files.
 *
 * `@lingui/vite-plugin` does the same, but does not start on Node 20, on which an installation may have to build.
 */
export function lingui(): Plugin {
  return {
    name: "lingui",
    enforce: "pre",
    async transform(code, id) {
      const [file = id] = id.split("?");
      if (file.endsWith(".po")) {
        return { code: `export const messages = ${JSON.stringify(compileCatalogue(file))}`, map: null, moduleType: "js" };
      }
      if (!/\.tsx?$/.test(file) || !/from "@lingui\/(core|react)\/macro"/.test(code)) return null;
      const descriptorFields = this.environment.config.isProduction ? "id-only" : "all";
      const { code: expanded, map } = await transform(code, path.basename(file), { macro: { descriptorFields } });
      return { code: expanded, map: map ?? null };
    },
  };
}
