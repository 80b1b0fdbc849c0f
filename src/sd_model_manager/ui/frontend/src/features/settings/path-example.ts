const SAMPLE: Record<string, string> = {
  type: "loras",
  base_model: "SDXL 1.0",
  creator: "kaede",
  model_name: "Quiet Harbour",
  version_name: "v2.0",
  file_name: "quiet_harbour",
  source: "civitai",
  year: "2026",
};

/** Where a file of a made-up model would go by a template for paths; what the server would refuse stays as it is. */
export function fillTemplate(template: string): string {
  const parts = template.trim().split("/").filter(Boolean);
  if (!parts.at(-1)?.includes("{file_name}")) parts.push("{file_name}");
  return `${parts.join("/").replace(/\{(\w+)\}/g, (placeholder, name) => SAMPLE[name] ?? placeholder)}.safetensors`;
}
