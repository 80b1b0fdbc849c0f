import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "ja"],
  catalogs: [{ path: "src/locales/{locale}", include: ["src"], exclude: ["src/testing/**", "**/*.test.*"] }],
  format: formatter({ lineNumbers: false }),
});
