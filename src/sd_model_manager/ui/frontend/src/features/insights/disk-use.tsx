import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "react-router";
import { type Statistics, useStatisticsByType } from "@/api/statistics";
import { typeLook } from "@/components/model-type";
import { Segmented } from "@/components/segmented";
import { AsTable } from "@/features/insights/as-table";
import { Card } from "@/features/insights/card";
import { type Branch, type Leaf, treeByBaseModel, treeByFolder, treeByType } from "@/features/insights/disk-tree";
import { Treemap } from "@/features/insights/treemap";
import { useFormat } from "@/lib/format";

type Arrangement = "type" | "base_model" | "folder";

/** Far enough apart that neighbours among a dozen differ, in degrees. */
const HUE_STEP = 47;

/** What takes the room on the disk: as a map, and as a table for those who would rather read. */
export function DiskUse({ statistics }: { statistics: Statistics }) {
  const { t } = useLingui();
  const [arrangement, setArrangement] = useState<Arrangement>("type");
  const branches = useBranches(statistics, arrangement);
  const { nameOf, describe } = useWords(arrangement);
  const labels: Record<Arrangement, string> = {
    type: t`Disk use by type and base model`,
    base_model: t`Disk use by base model and type`,
    folder: t`Disk use by folder`,
  };
  return (
    <Card
      title={<Trans>What takes the room</Trans>}
      aside={
        <Segmented
          label={t`Arrange by`}
          value={arrangement}
          choices={[
            { value: "type", label: t`Type` },
            { value: "base_model", label: t`Base model` },
            { value: "folder", label: t`Folder` },
          ]}
          onChoose={setArrangement}
        />
      }
    >
      <Treemap
        label={labels[arrangement]}
        branches={branches}
        hueOf={(branch, index) => (arrangement === "type" ? typeLook(branch.key).hue : (285 + index * HUE_STEP) % 360)}
        nameOf={nameOf}
        describe={describe}
      />
      <UseTable branches={branches} nameOf={nameOf} arrangement={arrangement} />
    </Card>
  );
}

function useBranches({ shares }: Statistics, arrangement: Arrangement): Branch[] {
  const types = shares.type ?? [];
  const folders = shares.folder ?? [];
  const byType = useStatisticsByType(types.flatMap((share) => share.value ?? []));
  return useMemo(() => {
    if (arrangement === "folder") return treeByFolder(folders);
    const arrange = arrangement === "type" ? treeByType : treeByBaseModel;
    return arrange(types, (type) => byType.get(type)?.shares.base_model);
  }, [arrangement, types, folders, byType]);
}

function useWords(arrangement: Arrangement) {
  const { t } = useLingui();
  const format = useFormat();
  const nameOf = (leaf: Leaf): string => {
    if (leaf.folded !== undefined) return t`${leaf.folded} smaller ones`;
    if (arrangement === "folder") return leaf.label || (isBranch(leaf) ? t`(top folder)` : t`(directly in it)`);
    if (isBranch(leaf) === (arrangement === "type")) return t(typeLook(leaf.key).label);
    return leaf.label ?? t`Unknown base model`;
  };
  const describe = (leaf: Leaf, branch: Leaf) => {
    const isWhole = leaf === branch || (isBranch(branch) && branch.leaves.length === 1 && leaf.label === "");
    const name = isWhole ? nameOf(branch) : t`${nameOf(branch)}, ${nameOf(leaf)}`;
    return t`${name}: ${format.bytes(leaf.size_bytes)}, number of models: ${format.number(leaf.count)}`;
  };
  return { nameOf, describe };
}

function isBranch(leaf: Leaf): leaf is Branch {
  return "leaves" in leaf;
}

interface UseTableProps {
  branches: Branch[];
  nameOf: (leaf: Leaf) => string;
  arrangement: Arrangement;
}

const COLUMNS: Record<Arrangement, { branch: ReactNode; leaf: ReactNode }> = {
  type: { branch: <Trans>Type</Trans>, leaf: <Trans>Base model</Trans> },
  base_model: { branch: <Trans>Base model</Trans>, leaf: <Trans>Type</Trans> },
  folder: { branch: <Trans>Folder</Trans>, leaf: <Trans>Folder in it</Trans> },
};

function UseTable({ branches, nameOf, arrangement }: UseTableProps) {
  const format = useFormat();
  const titles = COLUMNS[arrangement];
  return (
    <AsTable
      columns={[
        { key: "branch", title: titles.branch },
        { key: "leaf", title: titles.leaf },
        { key: "models", title: <Trans>Models</Trans>, isNumber: true },
        { key: "size", title: <Trans>Size</Trans>, isNumber: true },
      ]}
    >
      {branches.flatMap((branch) =>
        branch.leaves.map((leaf) => (
          <tr key={`${branch.key} ${leaf.key}`}>
            <td className="py-1.5 pr-3 [overflow-wrap:anywhere]">{nameOf(branch)}</td>
            <td className="py-1.5 pr-3 [overflow-wrap:anywhere]">
              <Link to={leaf.to} className="rounded text-accent-ink hover:underline">
                {nameOf(leaf)}
              </Link>
            </td>
            <td className="py-1.5 pr-3 text-right tabular-nums">{format.number(leaf.count)}</td>
            <td className="py-1.5 text-right whitespace-nowrap tabular-nums">{format.bytes(leaf.size_bytes)}</td>
          </tr>
        )),
      )}
    </AsTable>
  );
}
