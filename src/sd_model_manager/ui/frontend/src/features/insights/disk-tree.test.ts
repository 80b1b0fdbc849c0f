import { expect, test } from "vitest";
import { treeByBaseModel, treeByFolder, treeByType } from "@/features/insights/disk-tree";

const GB = 1_000_000_000;

test("the map by type has the base models of each type, and each leads to just them", () => {
  const [lora] = treeByType([{ value: "lora", count: 3, size_bytes: 3 * GB }], () => [
    { value: "SDXL 1.0", count: 2, size_bytes: 2 * GB },
    { value: null, count: 1, size_bytes: GB },
  ]);
  expect(lora?.to).toBe("/?type=lora");
  expect(lora?.leaves.map((leaf) => leaf.to)).toEqual([
    "/?type=lora&base_model=SDXL+1.0",
    "/?type=lora&base_model=unknown",
  ]);
});

test("the map by base model sums its types, the largest first", () => {
  const types = ["lora", "vae"].map((value) => ({ value, count: 2, size_bytes: 3 * GB }));
  const branches = treeByBaseModel(types, (type) => [
    { value: "Pony", count: 1, size_bytes: type === "lora" ? GB : 2 * GB },
    { value: null, count: 1, size_bytes: type === "lora" ? 2 * GB : 3 * GB },
  ]);
  expect(branches).toMatchObject([
    { label: null, count: 2, size_bytes: 5 * GB, to: "/?base_model=unknown" },
    { label: "Pony", count: 2, size_bytes: 3 * GB, to: "/?base_model=Pony" },
  ]);
  expect(branches[1]?.leaves.map((leaf) => leaf.to)).toEqual([
    "/?type=lora&base_model=Pony",
    "/?type=vae&base_model=Pony",
  ]);
});

test("the map by folder sums what lies below each folder", () => {
  const [loras, top] = treeByFolder([
    { value: "loras/style", count: 2, size_bytes: 2 * GB },
    { value: "loras", count: 1, size_bytes: 2 * GB },
    { value: "", count: 1, size_bytes: GB },
  ]);
  expect(loras).toMatchObject({ label: "loras", count: 3, size_bytes: 4 * GB, to: "/?folder=loras" });
  expect(loras?.leaves.map((leaf) => leaf.label)).toEqual(["style", ""]);
  expect(loras?.leaves[1]?.to).toBe("/?folder=loras&q=-folder%3Aloras%2Fstyle");
  expect(top).toMatchObject({ label: "", to: "/?q=folder%3A%2F" });
});

test("what is too small to be seen stands together, and leads to all of its type", () => {
  const small = ["a", "b", "c"].map((value) => ({ value, count: 1, size_bytes: 1_000 }));
  const [branch] = treeByType([{ value: "lora", count: 4, size_bytes: GB + 3_000 }], () => [
    { value: "Pony", count: 1, size_bytes: GB },
    ...small,
  ]);
  expect(branch?.leaves).toHaveLength(2);
  expect(branch?.leaves[1]).toMatchObject({ folded: 3, count: 3, size_bytes: 3_000, to: "/?type=lora" });
});
