/** What loads a LoRA in prompts of WebUI and its kin: the file's name without its ending, at full weight. */
export function loraSyntax(filename: string): string {
  return `<lora:${filename.replace(/\.[^.]+$/, "")}:1>`;
}
