import { msg } from "@lingui/core/macro";

/** How each type of model is called. Names that the field never translates stay as they are. */
export const TYPE_NAMES = {
  checkpoint: msg`Checkpoint`,
  diffusion_model: msg`Diffusion model`,
  lora: msg`LoRA`,
  vae: msg`VAE`,
  text_encoder: msg`Text encoder`,
  clip_vision: msg`CLIP Vision`,
  embedding: msg`Embedding`,
  controlnet: msg`ControlNet`,
  t2i_adapter: msg`T2I-Adapter`,
  ip_adapter: msg`IP-Adapter`,
  style_model: msg`Style model`,
  motion_module: msg`Motion module`,
  hypernetwork: msg`Hypernetwork`,
  upscaler: msg`Upscaler`,
  face_restore: msg`Face restoration`,
  detection: msg`Detection`,
  other: msg`Other`,
  unknown: msg`Unknown`,
};
