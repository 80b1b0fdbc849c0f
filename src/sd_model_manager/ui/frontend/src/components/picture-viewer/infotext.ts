import type { Generation } from "@/api/types";

export interface HowMade {
  prompt: string | null;
  generation: Generation | null;
}

/** With fewer, A1111 takes the line for a part of the prompt. */
const FEWEST_PARAMETERS = 3;

/** The text that A1111, Forge and SwarmUI take when it is pasted into the prompt. */
export function toInfotext({ prompt, generation }: HowMade): string {
  const parameters = generation ? listParameters(generation) : [];
  const lines = [
    prompt,
    generation?.negative_prompt && `Negative prompt: ${generation.negative_prompt}`,
    parameters.length >= FEWEST_PARAMETERS && parameters.join(", "),
  ];
  return lines.filter(Boolean).join("\n");
}

function listParameters(made: Generation): string[] {
  const named: [string, string | number | null][] = [
    ["Steps", made.steps],
    ["Sampler", made.sampler],
    ["Schedule type", made.scheduler],
    ["CFG scale", made.cfg_scale],
    ["Seed", made.seed],
    ["Size", made.size],
    ["Model", made.model],
    ["Clip skip", made.clip_skip],
  ];
  return named.filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${quote(`${value}`)}`);
}

function quote(value: string): string {
  return /[,:\n]/.test(value) ? JSON.stringify(value) : value;
}
