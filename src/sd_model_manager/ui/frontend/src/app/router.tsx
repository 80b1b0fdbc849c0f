import { createBrowserRouter, type RouteObject } from "react-router";
import { Crash } from "@/app/crash";
import { Shell } from "@/app/shell";
import { Shortcuts } from "@/app/shortcuts";

const load = (page: () => Promise<{ default: React.ComponentType }>) => async () => ({
  Component: (await page()).default,
});

export const routes: RouteObject[] = [
  { path: "/login", errorElement: <Crash />, HydrateFallback: Blank, lazy: load(() => import("@/pages/login")) },
  {
    element: (
      <>
        <Shell />
        <Shortcuts />
      </>
    ),
    errorElement: <Crash />,
    HydrateFallback: Blank,
    children: [
      {
        path: "/",
        lazy: load(() => import("@/pages/library")),
        children: [{ path: "models/:modelId", lazy: load(() => import("@/pages/model")) }],
      },
      { path: "/downloads", lazy: load(() => import("@/pages/downloads")) },
      { path: "/updates", lazy: load(() => import("@/pages/updates")) },
      { path: "/insights", lazy: load(() => import("@/pages/insights")) },
      { path: "/duplicates", lazy: load(() => import("@/pages/duplicates")) },
      { path: "/health", lazy: load(() => import("@/pages/health")) },
      { path: "/tasks", lazy: load(() => import("@/pages/tasks")) },
      { path: "/settings", lazy: load(() => import("@/pages/settings")) },
      { path: "*", lazy: load(() => import("@/pages/not-found")) },
    ],
  },
];

export function createRouter() {
  return createBrowserRouter(routes);
}

function Blank() {
  return null;
}
