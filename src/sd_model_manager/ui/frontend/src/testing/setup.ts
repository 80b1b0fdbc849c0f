import "@testing-library/jest-dom/vitest";
import { i18n } from "@lingui/core";
import { cleanup, configure, getConfig, prettyDOM } from "@testing-library/react";
import { toast } from "sonner";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { concealAll } from "@/lib/revealed";
import { messages } from "@/locales/en.po";
import { server } from "@/testing/server";

// A busy machine may take seconds for what is instant otherwise.
configure({ asyncUtilTimeout: 15_000 });

// To print the page takes longer than to look for something in it, so who waits and looks often prints it at last only.
// The name makes the error tell the line of the test.
const isWaiting = () =>
  (getConfig() as { _disableExpensiveErrorDiagnostics?: boolean })._disableExpensiveErrorDiagnostics;
configure({
  getElementError: (message, container) => {
    const said = [message, isWaiting() ? "" : prettyDOM(container)].filter(Boolean).join("\n\n");
    return Object.assign(new Error(said), { name: "TestingLibraryElementError" });
  },
});

// What jsdom does not have: it lays nothing out, so every box is given one size.
class StillResizeObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver = StillResizeObserver;
for (const [name, size] of [
  ["clientWidth", 1000],
  ["clientHeight", 800],
  ["offsetWidth", 1000],
  ["offsetHeight", 800],
] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
}
window.matchMedia = (query) =>
  ({
    matches: query.includes("min-width"),
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }) as unknown as MediaQueryList;
window.scrollTo = () => undefined;
Element.prototype.setPointerCapture = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.scrollTo = () => undefined;

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
beforeEach(() => {
  localStorage.clear();
  toast.dismiss();
  i18n.loadAndActivate({ locale: "en", messages });
});
afterEach(() => {
  cleanup();
  concealAll();
  server.resetHandlers();
});
afterAll(() => {
  server.close();
  // Files share a process, since each start of one takes over a second, but not what the page's modules remember.
  vi.resetModules();
});
