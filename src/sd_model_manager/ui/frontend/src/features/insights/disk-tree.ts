import type { Share } from "@/api/statistics";
import { libraryLink, term } from "@/lib/library-link";

/** One rectangle of the map: what it stands for, how large it is, and where it leads. */
export interface Leaf {
  key: string;
  /** `null`: the base model is not known. Empty: what lies in a folder itself. */
  label: string | null;
  count: number;
  size_bytes: number;
  to: string;
  /** How many values it stands for, where that is more than one. */
  folded?: number;
}

export interface Branch extends Leaf {
  leaves: Leaf[];
}

type BaseModelsOf = (type: string) => Share[] | undefined;

/** What takes less of the whole than this would be too small to be seen. */
const SMALLEST_SHARE = 0.003;

/** Types, each with its base models. A type that has not been counted apart stands as one rectangle. */
export function treeByType(types: Share[], baseModelsOf: BaseModelsOf): Branch[] {
  const branches = types.map((share): Branch => {
    const type = share.value ?? "unknown";
    const to = libraryLink({ type });
    const leaves = (baseModelsOf(type) ?? []).map((part) => ({
      ...part,
      key: part.value ?? "",
      label: part.value,
      to: libraryLink({ type, base_model: part.value }),
    }));
    return { ...share, key: type, label: type, to, leaves };
  });
  return withoutSmall(branches);
}

/** Base models, each with its types; those of types that have not been counted apart are missing. */
export function treeByBaseModel(types: Share[], baseModelsOf: BaseModelsOf): Branch[] {
  const leavesOf = new Map<string | null, Leaf[]>();
  for (const { value } of types) {
    const type = value ?? "unknown";
    for (const { value: name, ...amount } of baseModelsOf(type) ?? []) {
      const leaf = { ...amount, key: type, label: type, to: libraryLink({ type, base_model: name }) };
      leavesOf.set(name, [...(leavesOf.get(name) ?? []), leaf]);
    }
  }
  const branches = [...leavesOf].map(([name, leaves]) =>
    sumUp({ key: name ?? "", label: name, to: libraryLink({ base_model: name }), leaves }),
  );
  return withoutSmall(branches);
}

/** The folders below the library folders, each with the folders in it, at any depth. */
export function treeByFolder(folders: Share[]): Branch[] {
  const tops = new Map<string, Leaf[]>();
  for (const { value, count, size_bytes } of folders) {
    const path = value ?? "";
    const [top = ""] = path.split("/");
    const inside = path.slice(top.length + 1);
    const leaves = tops.get(top) ?? [];
    leaves.push({ key: path, label: inside, count, size_bytes, to: folderLink(path) });
    tops.set(top, leaves);
  }
  const branches = [...tops].map(([top, leaves]) =>
    sumUp({ key: top, label: top, to: folderLink(top), leaves: leaves.map(withoutOthers(leaves)) }),
  );
  return withoutSmall(branches);
}

function sumUp(branch: Omit<Branch, "count" | "size_bytes">): Branch {
  const count = branch.leaves.reduce((sum, leaf) => sum + leaf.count, 0);
  const size_bytes = branch.leaves.reduce((sum, leaf) => sum + leaf.size_bytes, 0);
  return { ...branch, count, size_bytes };
}

/** The longest query that the server reads has 50 terms and 1,000 characters. */
const LONGEST_QUERY = 900;
const MOST_TERMS = 40;

/** What lies in a folder itself leads to that alone, without the folders in it. */
function withoutOthers(leaves: readonly Leaf[]): (leaf: Leaf) => Leaf {
  return (leaf) => {
    if (leaf.label !== "" || leaf.key === "" || leaves.length === 1) return leaf;
    const others = leaves.filter((other) => other !== leaf).map((other) => term("-folder", other.key));
    const q = others.join(" ");
    if (others.length > MOST_TERMS || q.length > LONGEST_QUERY) return leaf;
    return { ...leaf, to: libraryLink({ folder: leaf.key, q }) };
  };
}

/** A library folder itself is asked for as the search language names it. */
function folderLink(path: string): string {
  return path === "" ? libraryLink({ q: term("folder", "/") }) : libraryLink({ folder: path });
}

function withoutSmall(branches: Branch[]): Branch[] {
  const total = branches.reduce((sum, branch) => sum + branch.size_bytes, 0);
  return branches
    .filter((branch) => branch.size_bytes > 0)
    .sort((one, other) => other.size_bytes - one.size_bytes)
    .map((branch) => ({ ...branch, leaves: fold(branch, total * SMALLEST_SHARE) }));
}

/** The small leaves of a branch as one that leads to the branch. */
function fold(branch: Branch, smallest: number): Leaf[] {
  const small = branch.leaves.filter((leaf) => leaf.size_bytes < smallest);
  if (small.length < 2) return branch.leaves.filter((leaf) => leaf.size_bytes > 0);
  const rest: Leaf = {
    key: "…",
    label: null,
    folded: small.length,
    count: small.reduce((sum, leaf) => sum + leaf.count, 0),
    size_bytes: small.reduce((sum, leaf) => sum + leaf.size_bytes, 0),
    to: branch.to,
  };
  const large = branch.leaves.filter((leaf) => leaf.size_bytes >= smallest);
  const leaves = rest.size_bytes > 0 ? [...large, rest] : large;
  return leaves.sort((one, other) => other.size_bytes - one.size_bytes);
}
