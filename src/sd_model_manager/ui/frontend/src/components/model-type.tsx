import type { MessageDescriptor } from "@lingui/core";
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
import { TYPE_NAMES } from "@/lib/type-names";

interface TypeLook {
  label: MessageDescriptor;
  icon: LucideIcon;
  /** Hue of the type's colour, in degrees of OKLCH. */
  hue: number;
}

/** How each type of model is called and shown. */
export const MODEL_TYPES: Record<ModelType, TypeLook> = {
  checkpoint: { label: TYPE_NAMES.checkpoint, icon: Box, hue: 285 },
  diffusion_model: { label: TYPE_NAMES.diffusion_model, icon: Boxes, hue: 265 },
  lora: { label: TYPE_NAMES.lora, icon: Sparkles, hue: 345 },
  vae: { label: TYPE_NAMES.vae, icon: Palette, hue: 195 },
  text_encoder: { label: TYPE_NAMES.text_encoder, icon: TextQuote, hue: 230 },
  clip_vision: { label: TYPE_NAMES.clip_vision, icon: Eye, hue: 215 },
  embedding: { label: TYPE_NAMES.embedding, icon: Type, hue: 150 },
  controlnet: { label: TYPE_NAMES.controlnet, icon: PersonStanding, hue: 45 },
  t2i_adapter: { label: TYPE_NAMES.t2i_adapter, icon: Spline, hue: 60 },
  ip_adapter: { label: TYPE_NAMES.ip_adapter, icon: Puzzle, hue: 75 },
  style_model: { label: TYPE_NAMES.style_model, icon: Brush, hue: 10 },
  motion_module: { label: TYPE_NAMES.motion_module, icon: Clapperboard, hue: 25 },
  hypernetwork: { label: TYPE_NAMES.hypernetwork, icon: Shapes, hue: 310 },
  upscaler: { label: TYPE_NAMES.upscaler, icon: Maximize2, hue: 170 },
  face_restore: { label: TYPE_NAMES.face_restore, icon: ScanFace, hue: 95 },
  detection: { label: TYPE_NAMES.detection, icon: ScanEye, hue: 120 },
  other: { label: TYPE_NAMES.other, icon: Package, hue: 250 },
  unknown: { label: TYPE_NAMES.unknown, icon: CircleHelp, hue: 270 },
};

/** Also for types that a newer server knows and this page does not. */
export function typeLook(type: string): TypeLook {
  return MODEL_TYPES[type as ModelType] ?? MODEL_TYPES.unknown;
}
