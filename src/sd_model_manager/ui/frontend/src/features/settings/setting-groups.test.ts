import { expect, test } from "vitest";
import { groupSettings } from "@/features/settings/setting-groups";
import { aSetting } from "@/testing/examples";

test("settings stand with those of their kind, and one that the page does not know is not lost", () => {
  const keys = ["downloads_at_once", "hash_in_background", "hash_files_at_once", "colour_of_the_sky"];
  const groups = groupSettings(keys.map((key) => aSetting({ key })));
  expect(groups.map(({ id, settings }) => [id, ...settings.map((setting) => setting.key)])).toEqual([
    ["downloads", "downloads_at_once"],
    ["hashes", "hash_in_background", "hash_files_at_once"],
    ["further", "colour_of_the_sky"],
  ]);
});

test("secrets and what only the start of the server sets are left out", () => {
  const settings = [aSetting({ is_secret: true }), aSetting({ is_editable: false })];
  expect(groupSettings(settings)).toEqual([]);
});
