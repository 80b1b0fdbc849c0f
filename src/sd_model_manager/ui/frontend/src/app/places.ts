import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  ChartPie,
  CircleFadingArrowUp,
  Compass,
  Copy,
  Download,
  HeartPulse,
  Images,
  ListTodo,
  type LucideIcon,
  Settings,
} from "lucide-react";
import { useQueue } from "@/api/downloads";
import { useActiveTasks } from "@/api/tasks";
import { useUpdateCount } from "@/api/update-count";

export interface Place {
  to: string;
  label: MessageDescriptor;
  icon: LucideIcon;
  /** Where there is little room, it stands under "More". */
  isFurther: boolean;
}

export const PLACES: readonly Place[] = [
  { to: "/", label: msg`Library`, icon: Images, isFurther: false },
  { to: "/discover", label: msg`Discover`, icon: Compass, isFurther: false },
  { to: "/downloads", label: msg`Downloads`, icon: Download, isFurther: false },
  { to: "/insights", label: msg`Insights`, icon: ChartPie, isFurther: true },
  { to: "/updates", label: msg`Updates`, icon: CircleFadingArrowUp, isFurther: true },
  { to: "/duplicates", label: msg`Duplicates`, icon: Copy, isFurther: true },
  { to: "/health", label: msg`Health`, icon: HeartPulse, isFurther: true },
  { to: "/tasks", label: msg`Tasks`, icon: ListTodo, isFurther: true },
  { to: "/settings", label: msg`Settings`, icon: Settings, isFurther: true },
];

/** How much goes on behind each place. */
export function useCounts(): Record<string, number> {
  return {
    "/downloads": useQueue().data?.total ?? 0,
    "/updates": useUpdateCount() ?? 0,
    "/tasks": useActiveTasks().data?.total ?? 0,
  };
}

/** Whether the page at this address belongs to the place; an open model lies in the library. */
export function isInside(place: Place, pathname: string): boolean {
  if (place.to === "/") return pathname === "/" || pathname.startsWith("/models/");
  return pathname === place.to || pathname.startsWith(`${place.to}/`);
}
