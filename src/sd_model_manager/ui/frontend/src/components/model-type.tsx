import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  Box,
  Boxes,
  Brush,
  CircleHelp,
  Clapperboard,
  Eye,
  type LucideIcon,
  Maximize2,
  Package,
  Palette,
  PersonStanding,
  Puzzle,
  ScanEye,
  ScanFace,
  Shapes,
  Sparkles,
  Spline,
  TextQuote,
  Type,
} from "lucide-react";
import type { ModelType } from "@/api/types";

interface TypeLook {
  label: MessageDescriptor;
  icon: LucideIcon;
  /** Hue of the type's colour, in degrees of OKLCH. */
  hue: number;
}

/** How each type of model is called and shown. Names that the field never translates stay as they are. */
export const MODEL_TYPES: Record<ModelType, TypeLook> = {
  checkpoint: { label: msg`Checkpoint`, icon: Box, hue: 285 },
  diffusion_model: { label: msg`Diffusion model`, icon: Boxes, hue: 265 },
  lora: { label: msg`LoRA`, icon: Sparkles, hue: 345 },
  vae: { label: msg`VAE`, icon: Palette, hue: 195 },
  text_encoder: { label: msg`Text encoder`, icon: TextQuote, hue: 230 },
  clip_vision: { label: msg`CLIP Vision`, icon: Eye, hue: 215 },
  embedding: { label: msg`Embedding`, icon: Type, hue: 150 },
  controlnet: { label: msg`ControlNet`, icon: PersonStanding, hue: 45 },
  t2i_adapter: { label: msg`T2I-Adapter`, icon: Spline, hue: 60 },
  ip_adapter: { label: msg`IP-Adapter`, icon: Puzzle, hue: 75 },
  style_model: { label: msg`Style model`, icon: Brush, hue: 10 },
  motion_module: { label: msg`Motion module`, icon: Clapperboard, hue: 25 },
  hypernetwork: { label: msg`Hypernetwork`, icon: Shapes, hue: 310 },
  upscaler: { label: msg`Upscaler`, icon: Maximize2, hue: 170 },
  face_restore: { label: msg`Face restoration`, icon: ScanFace, hue: 95 },
  detection: { label: msg`Detection`, icon: ScanEye, hue: 120 },
  other: { label: msg`Other`, icon: Package, hue: 250 },
  unknown: { label: msg`Unknown`, icon: CircleHelp, hue: 270 },
};

/** Also for types that a newer server knows and this page does not. */
export function typeLook(type: string): TypeLook {
  return MODEL_TYPES[type as ModelType] ?? MODEL_TYPES.unknown;
}
