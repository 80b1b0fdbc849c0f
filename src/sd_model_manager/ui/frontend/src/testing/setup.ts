import "@testing-library/jest-dom/vitest";
import { i18n } from "@lingui/core";
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { concealAll } from "@/lib/revealed";
import { messages } from "@/locales/en.po";
import { server } from "@/testing/server";

// A busy machine may take seconds for what is instant otherwise.
configure({ asyncUtilTimeout: 15_000 });

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
  i18n.loadAndActivate({ locale: "en", messages });
});
afterEach(() => {
  cleanup();
  concealAll();
  server.resetHandlers();
});
afterAll(() => server.close());
