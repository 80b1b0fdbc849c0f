/** What loads a LoRA in prompts of WebUI and its kin: the file's name without its ending, and how strongly. */
export function loraSyntax(filename: string, weight = 1): string {
  return `<lora:${filename.replace(/\.[^.]+$/, "")}:${weight}>`;
}
