/** What a trainer wrote into a file of how it was made, as kohya's scripts and their kin name it (`ss_...`). */
export interface Training {
  /** The tags of the training pictures, the most frequent first. */
  tags: { tag: string; count: number }[];
  resolution: string | null;
  pictures: number | null;
  steps: number | null;
  epochs: number | null;
  rank: string | null;
  learningRate: string | null;
  optimizer: string | null;
  madeFrom: string | null;
}

const MOST_TAGS = 40;

/** `null` where the file says nothing of its training. */
export function readTraining(metadata: Record<string, string>): Training | null {
  const text = (key: string) => {
    const value = metadata[`ss_${key}`]?.trim();
    return value && value !== "None" ? value : null;
  };
  const number = (key: string) => {
    const value = Number(text(key) ?? Number.NaN);
    return Number.isFinite(value) && value > 0 ? value : null;
  };
  const [dim, alpha] = [text("network_dim"), text("network_alpha")];
  const training = {
    tags: readTags(metadata.ss_tag_frequency ?? ""),
    resolution: readResolution(text("resolution")),
    pictures: number("num_train_images"),
    steps: number("steps") ?? number("max_train_steps"),
    epochs: number("epoch") ?? number("num_epochs"),
    rank: dim === null ? null : alpha === null ? dim : `${dim} / ${alpha}`,
    learningRate: text("unet_lr") ?? text("learning_rate"),
    optimizer: text("optimizer")?.split("(")[0]?.split(".").at(-1) ?? null,
    madeFrom: text("sd_model_name"),
  };
  const saysNothing = Object.values(training).every((value) => value === null || (Array.isArray(value) && !value[0]));
  return saysNothing ? null : training;
}

/** Counts by tag over all folders of the training set. What was cut off because it is very long is read as far as it goes. */
function readTags(text: string): Training["tags"] {
  const counts = new Map<string, number>();
  for (const [, quoted = "", count = "0"] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:\s*(\d+)/g)) {
    const tag = readString(quoted);
    if (tag) counts.set(tag, (counts.get(tag) ?? 0) + Number(count));
  }
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((one, other) => other.count - one.count)
    .slice(0, MOST_TAGS);
}

function readString(quoted: string): string {
  try {
    return String(JSON.parse(quoted)).trim();
  } catch {
    return "";
  }
}

/** `(1024, 1024)` and `1024,1024` are 1024 × 1024. */
function readResolution(text: string | null): string | null {
  const sides = text?.match(/\d+/g);
  return sides ? (sides.length === 1 ? `${sides[0]} × ${sides[0]}` : sides.slice(0, 2).join(" × ")) : null;
}
