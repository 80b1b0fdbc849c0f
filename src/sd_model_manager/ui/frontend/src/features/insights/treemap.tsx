import { type CSSProperties, useMemo } from "react";
import { Link } from "react-router";
import {
  type Box,
  boxOf,
  HEADING,
  isHeaded,
  leavesOf,
  mapDisk,
  type Tile as Placed,
} from "@/features/insights/disk-map";
import type { Branch, Leaf } from "@/features/insights/disk-tree";
import { useFormat } from "@/lib/format";
import { useWidth } from "@/lib/use-width";

interface TreemapProps {
  label: string;
  branches: Branch[];
  hueOf: (branch: Leaf, index: number) => number;
  nameOf: (leaf: Leaf) => string;
  /** What a rectangle is called aloud, with its size. */
  describe: (leaf: Leaf, branch: Leaf) => string;
}

/** Rectangles as large as what they stand for takes on the disk; each is a link. */
export function Treemap({ label, branches, hueOf, nameOf, describe }: TreemapProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const height = Math.round(width < 640 ? width * 1.25 : Math.min(600, Math.max(360, width * 0.42)));
  const tiles = useMemo(() => mapDisk(branches, width, height), [branches, width, height]);
  return (
    <div ref={box}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: an SVG has no other way to say that it groups links.
        <svg width={width} height={height} role="group" aria-label={label} className="block">
          {tiles.map((tile, index) => (
            <g key={tile.data.key} style={{ "--hue": hueOf(tile.data, index) } as CSSProperties}>
              <BranchTiles tile={tile} nameOf={nameOf} describe={describe} />
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

function BranchTiles({ tile, nameOf, describe }: Pick<TreemapProps, "nameOf" | "describe"> & { tile: Placed }) {
  const branch = tile.data;
  const name = nameOf(branch);
  if (!tile.children) {
    const [leaf] = leavesOf(branch);
    return (
      <Tile
        name={name}
        detail={leaf && leaf.key !== branch.key ? nameOf(leaf) : undefined}
        description={describe(leaf ?? branch, branch)}
        leaf={leaf ?? branch}
        place={boxOf(tile)}
      />
    );
  }
  return (
    <>
      {isHeaded(tile) && (
        <Heading name={name} description={describe(branch, branch)} leaf={branch} place={boxOf(tile)} />
      )}
      {tile.children.map((child) => (
        <Tile
          key={child.data.key}
          name={nameOf(child.data)}
          description={describe(child.data, branch)}
          leaf={child.data}
          place={boxOf(child)}
        />
      ))}
    </>
  );
}

interface TileProps {
  name: string;
  detail?: string | undefined;
  description: string;
  leaf: Leaf;
  place: Box;
}

const TILE_INK = "text-[oklch(0.25_0.06_var(--hue))] dark:text-[oklch(0.95_0.03_var(--hue))]";
const TILE_FILL =
  "fill-[oklch(0.87_0.075_var(--hue))] group-hover:fill-[oklch(0.81_0.1_var(--hue))] " +
  "dark:fill-[oklch(0.36_0.08_var(--hue))] dark:group-hover:fill-[oklch(0.43_0.1_var(--hue))]";
/** Narrower than this, a heading is the name alone. */
const HEADING_WITH_SIZE = 110;

function Heading({ name, description, leaf, place }: TileProps) {
  const format = useFormat();
  const box = { ...place, height: HEADING };
  return (
    <g className="group">
      <title>{description}</title>
      <Link to={leaf.to} aria-label={description} className="outline-none">
        <rect {...box} rx={4} className="fill-transparent" />
      </Link>
      <foreignObject {...box} className="pointer-events-none">
        <p className="flex h-full items-center gap-1.5 rounded-sm px-1.5 text-xs text-ink ring-accent-ink ring-inset group-hover:underline group-has-focus-visible:ring-2">
          <span className="truncate font-semibold">{name}</span>
          {place.width > HEADING_WITH_SIZE && (
            <span className="shrink-0 text-ink-faint tabular-nums">{format.bytes(leaf.size_bytes)}</span>
          )}
        </p>
      </foreignObject>
    </g>
  );
}

function Tile({ name, detail, description, leaf, place }: TileProps) {
  const format = useFormat();
  const isNamed = place.width > 44 && place.height > 22;
  const isMeasured = place.height > 42;
  return (
    <g className="group">
      <title>{description}</title>
      <Link to={leaf.to} aria-label={description} className="outline-none">
        <rect
          {...place}
          rx={4}
          className={`stroke-transparent stroke-2 transition-[fill] group-has-focus-visible:stroke-ink ${TILE_FILL}`}
        />
      </Link>
      {isNamed && (
        <foreignObject {...place} className="pointer-events-none">
          <div className={`h-full overflow-hidden px-1.5 py-1 text-xs leading-4 ${TILE_INK}`}>
            <p className="truncate font-medium">{name}</p>
            {isMeasured && detail !== undefined && place.height > 60 && <p className="truncate">{detail}</p>}
            {isMeasured && <p className="truncate tabular-nums">{format.bytes(leaf.size_bytes)}</p>}
          </div>
        </foreignObject>
      )}
    </g>
  );
}
