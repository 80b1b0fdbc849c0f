import { expect, test } from "vitest";
import { thumbnailSet, thumbnailUrl } from "@/lib/thumbnail";

test("a browser is told of every thumbnail and its width", () => {
  expect(thumbnailSet("/p/1")).toBe("/p/1?size=small 256w, /p/1?size=medium 512w, /p/1?size=large 1024w");
});

test("an address that asks for something already keeps asking for it", () => {
  expect(thumbnailUrl("/p/1?v=2", "large")).toBe("/p/1?v=2&size=large");
});
