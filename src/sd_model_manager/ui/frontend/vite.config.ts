/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type ProxyOptions } from "vite";
import { codeSplitting, fetchEarly, pack } from "./scripts/delivery.ts";
import { lingui } from "./scripts/lingui.ts";

const SERVER = process.env.SDMM_DEV_SERVER ?? "http://127.0.0.1:8188";

/** The server refuses pages of other origins, which this development server is one of. */
const asOwnOrigin: ProxyOptions["configure"] = (proxy) => {
  proxy.on("proxyReq", (request) => {
    if (request.getHeader("origin")) request.setHeader("origin", SERVER);
  });
};

/** The package names its build for development alone, whose warnings are said, and paid for, in every browser. */
const routerOfProduction = {
  find: /^react-router$/,
  replacement: fileURLToPath(new URL("./node_modules/react-router/dist/production/index.mjs", import.meta.url)),
};

export default defineConfig(({ command }) => ({
  plugins: [react(), lingui(), tailwindcss(), fetchEarly(), pack()],
  resolve: {
    alias: [
      { find: "@", replacement: fileURLToPath(new URL("./src", import.meta.url)) },
      ...(command === "build" ? [routerOfProduction] : []),
    ],
  },
  build: {
    outDir: "../static",
    emptyOutDir: true,
    manifest: true,
    rolldownOptions: { output: { codeSplitting } },
    target: "es2022",
    // The server's content security policy lets no inline font or script through, so nothing is inlined.
    assetsInlineLimit: 0,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: {
      "/api": { target: SERVER, changeOrigin: true, configure: asOwnOrigin },
      "/ws": { target: SERVER, ws: true, changeOrigin: true, rewriteWsOrigin: true },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    isolate: false,
    restoreMocks: true,
    testTimeout: 60_000,
  },
}));
