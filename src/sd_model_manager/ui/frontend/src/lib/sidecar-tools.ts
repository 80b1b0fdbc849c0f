interface SidecarTool {
  /** The programs that read and write it. */
  name: string;
  /** What stands behind the model's name. */
  suffix: string;
}

/** The kinds of files beside models; how programs and their files are called is the same in every language. */
const TOOLS: Record<string, SidecarTool> = {
  lora_manager: { name: "LoRA Manager", suffix: ".metadata.json" },
  stability_matrix: { name: "Stability Matrix", suffix: ".cm-info.json" },
  civitai_info: { name: "Civitai Helper", suffix: ".civitai.info" },
  api_info: { name: "Civitai Browser+", suffix: ".api_info.json" },
  user_metadata: { name: "A1111, Forge", suffix: ".json" },
  sdnext: { name: "SD.Next", suffix: ".json" },
  swarm_ui: { name: "SwarmUI", suffix: ".swarm.json" },
  model_page: { name: "ComfyUI Model Manager", suffix: ".md" },
  description: { name: "A1111", suffix: ".description.txt" },
  text: { name: "A1111", suffix: ".txt" },
};

export function findSidecarTool(kind: string): SidecarTool | undefined {
  return TOOLS[kind];
}
